package dev.shiplog.scheduler.queue;

import dev.shiplog.scheduler.model.Pod;
import java.util.Set;

/** Is told what comes into the queue, for measuring. Called by the queue's thread. */
public interface QueueListener {

  /** Where pods wait. */
  enum Place {
    ACTIVE,
    BACKOFF,
    UNSCHEDULABLE,
    GATED
  }

  /** Nobody measures. */
  QueueListener NONE =
      new QueueListener() {
        @Override
        public void came(Place place, String event) {
          // Nobody wants to know.
        }

        @Override
        public void turnedDown(Pod pod, Set<String> plugins, int change) {
          // Nobody wants to know.
        }
      };

  /**
   * A pod came to a place because of something.
   *
   * @param event in Kubernetes' words, for example {@code PodAdd}
   */
  void came(Place place, String event);

  /**
   * A pod that plugins had turned down began to wait, or is out of the queue again.
   *
   * @param change 1 or -1
   */
  void turnedDown(Pod pod, Set<String> plugins, int change);
}
