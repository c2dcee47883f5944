package dev.shiplog.scheduler.framework;

/** What a score means before nodes are compared by it. */
public enum Scale {
  /** 0 to {@link NodeScore#MAX}. */
  ABSOLUTE,
  /** 0 or more; the highest of the candidates counts as {@link NodeScore#MAX}. */
  MORE_IS_BETTER,
  /** 0 or more; the highest of the candidates counts as 0, and 0 as {@link NodeScore#MAX}. */
  LESS_IS_BETTER;

  /**
   * The score on the scale of all plugins.
   *
   * @param highest the highest score of a candidate
   */
  public long normalized(long score, long highest) {
    return switch (this) {
      case ABSOLUTE -> score;
      case MORE_IS_BETTER -> highest == 0 ? 0 : NodeScore.MAX * score / highest;
      case LESS_IS_BETTER ->
          highest == 0 ? NodeScore.MAX : NodeScore.MAX - NodeScore.MAX * score / highest;
    };
  }
}
