package dev.shiplog.api.admission.podsecurity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A standard, from the one that allows everything to the strictest. */
public enum Level {
  PRIVILEGED,
  BASELINE,
  RESTRICTED;

  /** As labels name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Level> of(String text) {
    return Arrays.stream(values()).filter(level -> level.text().equals(text)).findFirst();
  }
}
