package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.shiplog.api.schema.custom.CelLibrary;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which questions a webhook is asked: all conditions must hold for the review's spec, which they
 * call {@code request}. Immutable; any thread.
 */
public final class ReviewConditions {

  private static final Cel CEL = CelLibrary.builder().addVar("request", SimpleType.DYN).build();

  private final List<Program> conditions = new ArrayList<>();

  /**
   * The conditions; none: every question.
   *
   * @throws IllegalArgumentException if one is no condition
   */
  public ReviewConditions(List<String> expressions) {
    for (String text : expressions) {
      try {
        var checked = CEL.compile(text).getAst();
        if (!checked.getResultType().equals(SimpleType.BOOL)
            && !checked.getResultType().equals(SimpleType.DYN)) {
          throw new IllegalArgumentException("condition '" + text + "' is neither true nor false");
        }
        conditions.add(CEL.createProgram(checked));
      } catch (CelValidationException | CelEvaluationException e) {
        throw new IllegalArgumentException("condition '" + text + "': " + e.getMessage(), e);
      }
    }
  }

  /**
   * Whether all hold; one that does not outranks one that fails.
   *
   * @throws IllegalStateException if one fails and all others hold
   */
  boolean hold(ObjectNode spec) {
    if (conditions.isEmpty()) {
      return true;
    }
    Map<String, Object> request =
        Json.MAPPER.convertValue(spec, new TypeReference<Map<String, Object>>() {});
    IllegalStateException failed = null;
    for (Program condition : conditions) {
      try {
        if (!Boolean.TRUE.equals(condition.eval(Map.of("request", request)))) {
          return false;
        }
      } catch (CelEvaluationException e) {
        failed = new IllegalStateException("a match condition fails: " + e.getMessage(), e);
      }
    }
    if (failed != null) {
      throw failed;
    }
    return true;
  }
}
