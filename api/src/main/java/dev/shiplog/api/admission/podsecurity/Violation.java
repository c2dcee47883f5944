package dev.shiplog.api.admission.podsecurity;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a pod does that it may not.
 *
 * @param reason in short
 * @param detail where; may be empty
 */
record Violation(String reason, String detail) {

  static String told(List<Violation> violations) {
    return violations.stream()
        .map(v -> v.detail().isEmpty() ? v.reason() : v.reason() + " (" + v.detail() + ")")
        .collect(Collectors.joining(", "));
  }
}
