package dev.shiplog.api.admission.podsecurity;

import dev.shiplog.api.status.StatusCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a namespace's labels say. Labels that cannot be read ask for the strictest. */
record NamespacePolicy(Mode enforce, Mode audit, Mode warn) {

  static final String PREFIX = "pod-security.kubernetes.io/";
  private static final Pattern VERSION = Pattern.compile("latest|v1\\.[0-9]{1,4}");
  private static final List<String> MODES = List.of("enforce", "audit", "warn");

  /**
   * A standard at a version.
   *
   * @param version {@code latest} or one such as {@code v1.31}
   */
  record Mode(Level level, String version) {
    @Override
    public String toString() {
      return level.text() + ":" + version;
    }

    boolean asksNothing() {
      return level == Level.PRIVILEGED;
    }
  }

  static NamespacePolicy of(Map<String, String> labels, PodSecuritySettings settings) {
    return new NamespacePolicy(
        mode(labels, "enforce", settings.enforce(), Level.RESTRICTED),
        mode(labels, "audit", settings.audit(), Level.PRIVILEGED),
        mode(labels, "warn", settings.warn(), Level.PRIVILEGED));
  }

  boolean asksNothing() {
    return enforce.asksNothing() && audit.asksNothing() && warn.asksNothing();
  }

  private static Mode mode(
      Map<String, String> labels, String name, Level byDefault, Level unreadable) {
    String level = labels.get(PREFIX + name);
    String version = labels.getOrDefault(PREFIX + name + "-version", "latest");
    return new Mode(
        level == null ? byDefault : Level.of(level).orElse(unreadable),
        VERSION.matcher(version).matches() ? version : "latest");
  }

  /** What cannot be read of the labels. */
  static List<StatusCause> problems(Map<String, String> labels) {
    List<StatusCause> causes = new ArrayList<>();
    for (String mode : MODES) {
      String level = labels.get(PREFIX + mode);
      if (level != null && Level.of(level).isEmpty()) {
        causes.add(
            invalid(PREFIX + mode, level, "must be one of privileged, baseline, restricted"));
      }
      String version = labels.get(PREFIX + mode + "-version");
      if (version != null && !VERSION.matcher(version).matches()) {
        causes.add(invalid(PREFIX + mode + "-version", version, "must be \"latest\" or \"v1.x\""));
      }
    }
    return causes;
  }

  private static StatusCause invalid(String label, String value, String why) {
    return new StatusCause(
        "FieldValueInvalid",
        "Invalid value: \"%s\": %s".formatted(value, why),
        "metadata.labels[" + label + "]");
  }
}
