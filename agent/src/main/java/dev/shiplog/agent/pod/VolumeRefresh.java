package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/**
 * Says when it is time to bring a pod's volumes up to date: now and then, and soon after the pod
 * changed. Belongs to the pod's worker.
 */
final class VolumeRefresh {

  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final double JITTER = 0.2;

  private final NodeContext node;
  private final Runnable refresh;

  private Timers.Timer timer = () -> {};
  private boolean running;

  /** The refresh is called on the thread of the timers and hands on what it does. */
  VolumeRefresh(NodeContext node, Runnable refresh) {
    this.node = node;
    this.refresh = refresh;
  }

  /** The pod's volumes are there: from now on there are refreshes, if anything may change. */
  void prepared(Pod pod) {
    if (node.files().mayChange(pod)) {
      running = true;
      schedule();
    }
  }

  /** The next refresh is due now, if there are any. */
  void soon() {
    if (running) {
      timer.cancel();
      refresh.run();
    }
  }

  /** A refresh has been started: the next one is due later. */
  void schedule() {
    if (running) {
      timer.cancel();
      AgentServices services = node.services();
      double factor = 1 + JITTER * (2 * services.random().nextDouble() - 1);
      timer = services.timers().after(Duration.ofNanos((long) (EVERY.toNanos() * factor)), refresh);
    }
  }

  void close() {
    running = false;
    timer.cancel();
  }
}
