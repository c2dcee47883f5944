package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Outbox.Placing;
import dev.shiplog.scheduler.queue.QueuedPod;

/**
 * A pod whose bind command is on its way.
 *
 * @param queued the pod, to be given back to the queue if the command is refused
 * @param placing where it is assumed until then
 * @param allOrNone whether the command binds all of its pods or none
 * @param commandId id of the last command sent for it; others may share it
 * @param sentMs when that was
 */
record Binding(
    QueuedPod queued, Placing placing, boolean allOrNone, String commandId, long sentMs) {

  String podKey() {
    return queued.pod().key();
  }

  String node() {
    return placing.node();
  }
}
