package dev.shiplog.scheduler.app;

/**
 * How long the scheduler rests after decisions. What comes meanwhile is decided, and bound,
 * together, and a command that binds costs nearly the same whether it binds one pod or dozens: a
 * record, an entry, an outcome, and what everybody does who reads them. So a few decisions follow
 * one another quickly, which is what a single pod or a rollout needs; where pods keep coming, more
 * of them share a command. The first pod after a quiet moment never waits. One thread.
 */
final class DecisionPace {

  /** So many rests may be short ... */
  private static final double QUICK = 24;

  /** ... and one more each time so much has passed. */
  private static final double ONE_MORE_EVERY_MS = 200;

  private static final long SHORT_MS = 5;
  private static final long LONG_MS = 20;

  private double quick = QUICK;
  private long countedMs;
  private long restsUntilMs;

  DecisionPace(long nowMs) {
    countedMs = nowMs;
  }

  boolean rests(long nowMs) {
    return nowMs < restsUntilMs;
  }

  /** Something was decided. */
  void decided(long nowMs) {
    quick = Math.min(QUICK, quick + Math.max(0, nowMs - countedMs) / ONE_MORE_EVERY_MS);
    countedMs = nowMs;
    boolean isQuick = quick >= 1;
    quick -= isQuick ? 1 : 0;
    restsUntilMs = nowMs + (isQuick ? SHORT_MS : LONG_MS);
  }
}
