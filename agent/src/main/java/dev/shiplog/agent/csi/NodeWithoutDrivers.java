package dev.shiplog.agent.csi;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Tells the cluster that a node has no storage drivers, for a node that mounts nothing: a CSINode
 * as every node has one, made by one request and never looked at again. Safe for use by many
 * threads.
 */
public final class NodeWithoutDrivers implements AutoCloseable {

  static final Duration AGAIN = Duration.ofMinutes(1);

  private static final Logger LOG = Logger.getLogger(NodeWithoutDrivers.class);

  private final AgentServices services;
  private Timers.Timer timer = () -> {};
  private boolean closed;

  public NodeWithoutDrivers(AgentServices services) {
    this.services = services;
  }

  /** Tells of a node that the cluster knows, now or as soon as that can be. */
  public void tellOf(Node registered) {
    CsiNodeObject object = new CsiNodeObject(registered, services.cluster());
    services.threads().execute(() -> tell(object));
  }

  private void tell(CsiNodeObject object) {
    try {
      if (!object.make()) {
        again(object);
      }
    } catch (ClusterException e) {
      LOG.debugf("Cannot tell that there are no storage drivers: %s", e.getMessage());
      again(object);
    } catch (RuntimeException e) {
      services.faults().fault("Telling that there are no storage drivers", e);
    }
  }

  private synchronized void again(CsiNodeObject object) {
    if (!closed) {
      timer = services.timers().about(AGAIN, () -> services.threads().execute(() -> tell(object)));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.cancel();
  }
}
