package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.time.Timers;
import java.time.Duration;

/**
 * Says when it is time to bring a pod's volumes up to date: now and then, and soon after the pod
 * changed. Belongs to the pod's worker.
 */
final class VolumeRefresh {

  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final double JITTER = 0.2;

  private final AgentServices services;
  private final Runnable refresh;

  private Timers.Timer timer = () -> {};
  private boolean running;

  /** The refresh is called on the thread of the timers and hands on what it does. */
  VolumeRefresh(AgentServices services, Runnable refresh) {
    this.services = services;
    this.refresh = refresh;
  }

  void start() {
    running = true;
    schedule();
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
      double factor = 1 + JITTER * (2 * services.random().nextDouble() - 1);
      timer = services.timers().after(Duration.ofNanos((long) (EVERY.toNanos() * factor)), refresh);
    }
  }

  void close() {
    running = false;
    timer.cancel();
  }
}
