package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.Volumes;
import java.util.List;

/** Takes what the scheduler says, and tells nobody. */
public final class SilentOutbox implements Outbox {

  private int commands;

  private String next() {
    return Integer.toString(commands++);
  }

  @Override
  public String bind(List<Placing> pods, boolean allOrNone) {
    return next();
  }

  @Override
  public String keepVolume(
      String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim) {
    return next();
  }

  @Override
  public String selectNode(String claimKey, Volumes.Claim claim, String node) {
    return next();
  }

  @Override
  public void pending(Pod pod, String reason, String message, long nowMs) {
    next();
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    next();
  }

  @Override
  public void nominate(Pod pod, String node) {
    next();
  }

  @Override
  public void preempt(Pod victim, Pod preemptor, String node, long nowMs) {
    next();
  }
}
