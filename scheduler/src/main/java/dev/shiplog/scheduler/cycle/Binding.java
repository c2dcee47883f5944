package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.queue.QueuedPod;

/**
 * A bind command on its way.
 *
 * @param queued the pod, to be given back to the queue if the command is refused
 * @param node where it is assumed until then
 * @param commandId id of the last command sent for it
 * @param sentMs when that was
 */
record Binding(QueuedPod queued, String node, String commandId, long sentMs) {

  String podKey() {
    return queued.pod().key();
  }
}
