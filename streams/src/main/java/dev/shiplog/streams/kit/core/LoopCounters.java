package dev.shiplog.streams.kit.core;

import dev.shiplog.topics.record.Outcome;

/** What a controller did since it became active. */
final class LoopCounters {

  private long reconciliations;
  private long commands;
  private long refusals;

  void onReconciliation() {
    reconciliations++;
  }

  void onCommands(int count) {
    commands += count;
  }

  void onOutcome(Outcome outcome) {
    if (isRefusal(outcome)) {
      refusals++;
    }
  }

  static boolean isRefusal(Outcome outcome) {
    return outcome.result().code() >= 300;
  }

  @Override
  public String toString() {
    return reconciliations
        + " reconciliations, "
        + commands
        + " commands, "
        + refusals
        + " refusals";
  }
}
