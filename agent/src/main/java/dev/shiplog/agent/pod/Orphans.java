package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.pod.plan.Seen;
import dev.shiplog.agent.runtime.ContainerStatus;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RuntimePod;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Removes what belongs to no pod of the node: pods that were deleted while the agent was away, and
 * what came to be after its maker had given up on it. Blocks; used by one thread.
 */
final class Orphans {

  private static final Logger LOG = Logger.getLogger(Orphans.class);

  /** Nobody knows any more how much the pod would have been given. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeContext node;

  Orphans(NodeContext node) {
    this.node = node;
  }

  /**
   * Removes every orphan there is. What does not work out is left for the next time.
   *
   * @param isKnown whether a pod of this uid is the node's; asked after the runtime was
   */
  void remove(Predicate<String> isKnown) {
    Set<String> uids = new HashSet<>();
    try {
      node.runtime().pods().forEach(pod -> uids.add(pod.pod().uid()));
      uids.addAll(node.files().podUids());
    } catch (PodRuntimeException | PodConfigException e) {
      LOG.warnf("Cannot look for orphans: %s", e.getMessage());
      return;
    }
    uids.stream().filter(uid -> !isKnown.test(uid)).forEach(this::removePod);
    removeVolumes();
  }

  private void removeVolumes() {
    try {
      node.files().removeAbandonedVolumes();
    } catch (ClusterException | PodConfigException e) {
      LOG.warnf("Cannot look for volumes that were deleted: %s", e.getMessage());
    }
  }

  private void removePod(String uid) {
    try {
      Optional<RuntimePod> pod = node.runtime().pod(uid);
      pod.ifPresent(this::end);
      node.files().remove(uid);
      LOG.infof(
          "Removed what was left of pod %s", pod.map(each -> each.pod().toString()).orElse(uid));
    } catch (PodRuntimeException | PodConfigException e) {
      LOG.warnf("Cannot remove what is left of pod %s: %s", uid, e.getMessage());
    }
  }

  private void end(RuntimePod pod) {
    for (ContainerStatus container : pod.containers()) {
      if (Seen.isAlive(container)) {
        node.runtime().stopContainer(container.id(), GRACE);
      }
    }
    for (SandboxStatus sandbox : pod.sandboxes()) {
      node.runtime().stopSandbox(sandbox.id());
      node.runtime().removeSandbox(sandbox.id());
    }
    pod.containers().forEach(container -> node.runtime().removeContainer(container.id()));
  }
}
