package dev.shiplog.scheduler.model;

/**
 * A node's taint.
 *
 * @param value empty where it has none
 */
public record Taint(String key, String value, Effect effect) {

  /** What a taint does to pods that do not tolerate it. */
  public enum Effect {
    NO_SCHEDULE("NoSchedule"),
    PREFER_NO_SCHEDULE("PreferNoSchedule"),
    NO_EXECUTE("NoExecute");

    private final String text;

    Effect(String text) {
      this.text = text;
    }

    /**
     * The effect of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Effect parse(String text) {
      for (Effect effect : values()) {
        if (effect.text.equals(text)) {
          return effect;
        }
      }
      throw new IllegalArgumentException("no effect of a taint: '" + text + "'");
    }
  }

  /** True if no pod may be placed without tolerating it. */
  public boolean forbidsScheduling() {
    return effect != Effect.PREFER_NO_SCHEDULE;
  }
}
