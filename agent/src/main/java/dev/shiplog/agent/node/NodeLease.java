package dev.shiplog.agent.node;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/**
 * The node's sign of life: its Lease in kube-node-lease, renewed every ten seconds. Missing
 * renewals are all the control plane needs to call a node dead, so nothing else runs on this
 * lease's owner.
 */
final class NodeLease implements AutoCloseable {

  static final String NAMESPACE = "kube-node-lease";

  /** After this long without renewal a node counts as gone. */
  static final int DURATION_SECONDS = 40;

  static final Duration RENEW_EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = Logger.getLogger(NodeLease.class);

  private final AgentServices services;
  private final Node node;
  private final Periodic periodic;
  private final Runnable onReturn;

  /** When it was last renewed. Belongs to the periodic's owner. */
  private Instant renewedAt;

  /** As the server last gave it; null if unknown. Belongs to the periodic's owner. */
  private Lease current;

  /**
   * The lease of a node.
   *
   * @param node the registered one: its uid makes the lease go with it
   * @param onReturn told when it is renewed after so long that the node counted as gone; any thread
   */
  NodeLease(AgentServices services, Node node, Runnable onReturn) {
    this.services = services;
    this.node = node;
    this.onReturn = onReturn;
    renewedAt = services.timers().steady();
    SerialExecutor owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Renewing a node's lease", e));
    periodic = new Periodic(services.timers(), owner, services.random(), RENEW_EVERY, this::renew);
  }

  void start() {
    periodic.runNow();
  }

  @Override
  public void close() {
    periodic.close();
  }

  private void renew() {
    try {
      if (current == null) {
        current = services.cluster().lease(NAMESPACE, name()).orElse(null);
      }
      current =
          current == null
              ? services.cluster().createLease(renewed(initial()))
              : services.cluster().updateLease(renewed(current));
      noticeReturn();
    } catch (ClusterRefusedException e) {
      // Somebody changed or deleted it: look again next time.
      current = null;
      LOG.warnf("Lease of node %s was not renewed: %s", name(), e.getMessage());
    } catch (ClusterException e) {
      LOG.warnf("Lease of node %s was not renewed: %s", name(), e.getMessage());
    }
  }

  private void noticeReturn() {
    Instant now = services.timers().steady();
    boolean wasGone = now.isAfter(renewedAt.plusSeconds(DURATION_SECONDS));
    renewedAt = now;
    if (wasGone) {
      onReturn.run();
    }
  }

  private String name() {
    return node.getMetadata().getName();
  }

  private Lease initial() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name())
        .withNamespace(NAMESPACE)
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(name())
        .withUid(node.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  private Lease renewed(Lease lease) {
    ZonedDateTime now =
        services.timers().instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    return new LeaseBuilder(lease)
        .editOrNewSpec()
        .withHolderIdentity(name())
        .withLeaseDurationSeconds(DURATION_SECONDS)
        .withRenewTime(now)
        .endSpec()
        .build();
  }
}
