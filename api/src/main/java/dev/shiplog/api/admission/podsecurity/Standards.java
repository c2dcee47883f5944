package dev.shiplog.api.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What pods do that a standard does not allow. Pure. */
final class Standards {

  private Standards() {}

  static List<Violation> violations(Level level, JsonNode metadata, JsonNode spec) {
    if (level == Level.PRIVILEGED) {
      return List.of();
    }
    PodParts pod = PodParts.of(metadata, spec);
    List<Violation> violations = new ArrayList<>();
    ask(BaselineChecks.ALL, pod, violations);
    if (level == Level.RESTRICTED) {
      // Where both standards speak of the same, what the stricter one says is enough.
      List<Violation> stricter = new ArrayList<>();
      ask(RestrictedChecks.ALL, pod, stricter);
      violations.removeIf(known -> stricter.stream().anyMatch(v -> covers(v, known)));
      violations.addAll(stricter);
    }
    return violations;
  }

  private static boolean covers(Violation stricter, Violation known) {
    return (stricter.reason().equals("unrestricted capabilities")
            && known.reason().equals("non-default capabilities")
            && stricter.detail().contains("capabilities.add"))
        || stricter.reason().equals(known.reason());
  }

  private static void ask(
      List<Function<PodParts, Optional<Violation>>> checks,
      PodParts pod,
      List<Violation> violations) {
    checks.forEach(check -> check.apply(pod).ifPresent(violations::add));
  }
}
