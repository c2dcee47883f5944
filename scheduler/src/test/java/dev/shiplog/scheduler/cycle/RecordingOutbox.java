package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the scheduler says, as texts. */
final class RecordingOutbox implements Outbox {

  /** The bind commands: {@code pod->node}, the id being the index. */
  final List<String> binds = new ArrayList<>();

  /** What was told about pods. */
  final List<String> told = new ArrayList<>();

  @Override
  public String bind(Pod pod, String node) {
    binds.add(pod.name() + "->" + node);
    return Integer.toString(binds.size() - 1);
  }

  @Override
  public void pending(Pod pod, String reason, String message, long nowMs) {
    told.add(pod.name() + " " + reason + ": " + message);
  }

  @Override
  public void nominate(Pod pod, String node) {
    told.add(pod.name() + " nominated for " + node);
  }

  @Override
  public void preempt(Pod victim, Pod preemptor, String node, long nowMs) {
    told.add(victim.name() + " preempted by " + preemptor.name() + " on " + node);
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    told.add(pod.name() + " gated");
  }

  @Override
  public void bound(Pod pod, String node) {
    told.add(pod.name() + " bound to " + node);
  }
}
