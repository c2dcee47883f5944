package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the scheduler says, as texts. */
final class RecordingOutbox implements Outbox {

  /** What bind commands ask for: {@code pod->node}. */
  final List<String> binds = new ArrayList<>();

  /**
   * The bind commands, the id being the index: what they ask for, {@code all or none} before it.
   */
  final List<String> commands = new ArrayList<>();

  /** What pods were to get with their nodes. */
  final List<BindExtras> extras = new ArrayList<>();

  /** What was told about pods. */
  final List<String> told = new ArrayList<>();

  @Override
  public String bind(List<Placing> pods, boolean allOrNone) {
    List<String> texts = pods.stream().map(each -> each.pod().name() + "->" + each.node()).toList();
    binds.addAll(texts);
    pods.forEach(each -> extras.add(each.extras()));
    commands.add((allOrNone ? "all or none: " : "") + String.join(", ", texts));
    return Integer.toString(commands.size() - 1);
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
  public String keepVolume(
      String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim) {
    commands.add("keep " + name + " for " + claimKey);
    return Integer.toString(commands.size() - 1);
  }

  @Override
  public String selectNode(String claimKey, Volumes.Claim claim, String node) {
    commands.add("make a volume for " + claimKey + " on " + node);
    return Integer.toString(commands.size() - 1);
  }
}
