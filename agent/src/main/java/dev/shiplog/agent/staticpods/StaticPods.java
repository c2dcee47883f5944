package dev.shiplog.agent.staticpods;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.container.SandboxSpecs;
import dev.shiplog.agent.pod.NodePods;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Has a node run the pods in a directory, and shows the cluster a mirror of each. A mirror that
 * somebody deletes is made again: only the file ends the pod.
 *
 * <p>State belongs to one serial executor.
 */
public final class StaticPods implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StaticPods.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final StaticPodDirectory directory;
  private final AgentServices services;
  private final NodePods pods;
  private final CompletableFuture<Node> node;
  private final Periodic periodic;

  /** What was last told to the node's pods. */
  private List<Pod> told = List.of();

  /**
   * Static pods that do nothing until they are started.
   *
   * @param directory where their files are, or will be
   * @param node completes once the node is known to the cluster: mirrors belong to it
   */
  public StaticPods(
      Path directory,
      String nodeName,
      AgentServices services,
      NodePods pods,
      CompletableFuture<Node> node) {
    this.directory = new StaticPodDirectory(directory, nodeName);
    this.services = services;
    this.pods = pods;
    this.node = node;
    SerialExecutor owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Reading static pods", e));
    periodic = new Periodic(services.timers(), owner, services.random(), LOOK_EVERY, this::look);
  }

  public void start() {
    periodic.runNow();
  }

  @Override
  public void close() {
    periodic.close();
  }

  private void look() {
    List<Pod> now = directory.read(services.timers().instant());
    if (!now.equals(told)) {
      told = now;
      pods.staticPods(now);
    }
    try {
      mirror(now);
    } catch (ClusterException e) {
      LOG.warnf("Static pods are not shown to the cluster: %s", e.getMessage());
    }
  }

  private void mirror(List<Pod> now) {
    if (!node.isDone() || node.isCompletedExceptionally() || !pods.isSynced()) {
      return;
    }
    Map<String, Pod> mirrors = new HashMap<>(pods.mirrors());
    for (Pod pod : now) {
      Pod mirror = mirrors.remove(NodePods.key(pod));
      boolean stale =
          mirror != null
              && (mirror.getMetadata().getDeletionTimestamp() != null
                  || !Mirrors.isMirrorOf(mirror, pod));
      if (stale) {
        services.cluster().deletePod(SandboxSpecs.identity(mirror));
      }
      if (mirror == null || stale) {
        create(Mirrors.mirrorOf(pod, node.join()));
      }
    }
    mirrors.values().forEach(left -> services.cluster().deletePod(SandboxSpecs.identity(left)));
  }

  /** One that is there already is seen soon, or is somebody else's pod and stays. */
  private void create(Pod mirror) {
    try {
      services.cluster().createPod(mirror);
    } catch (ClusterRefusedException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }
}
