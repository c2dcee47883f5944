package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Outbox.Placing;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.queue.QueuedPod;
import java.util.List;

/**
 * Pods that go from their nodes to the binding together: one, or those of a group.
 *
 * @param allOrNone whether none is to be bound if one cannot be
 */
record Bunch(List<Placed> pods, boolean allOrNone) {

  /** A pod that was assumed on a node. */
  record Placed(QueuedPod queued, Placing placing) {

    Pod pod() {
      return placing.pod();
    }

    String key() {
      return placing.pod().key();
    }

    Placed with(BindExtras extras) {
      return new Placed(
          queued, new Placing(placing.pod(), placing.node(), placing.decision(), extras));
    }
  }

  Bunch {
    pods = List.copyOf(pods);
  }

  static Bunch of(Placed one) {
    return new Bunch(List.of(one), false);
  }

  boolean has(String podKey) {
    return pods.stream().anyMatch(each -> each.key().equals(podKey));
  }
}
