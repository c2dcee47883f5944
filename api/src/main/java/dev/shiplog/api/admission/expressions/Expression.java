package dev.shiplog.api.admission.expressions;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.shiplog.api.schema.custom.CelBudget;
import java.util.Map;

/**
 * An expression, compiled. Immutable; any thread.
 *
 * @param text as written
 * @param program null if it could not be compiled
 * @param problem why it could not be; empty if it could
 */
public record Expression(String text, Program program, String problem) {

  /**
   * Its value.
   *
   * @throws EvaluationException if it has none, which is a failure of the webhook or policy
   */
  public Object value(Map<String, Object> variables) {
    if (program == null) {
      throw new EvaluationException(
          "expression '%s' resulted in error: compilation failed: %s".formatted(text, problem));
    }
    try {
      return CelBudget.eval(program, variables);
    } catch (CelEvaluationException | IllegalArgumentException | ArithmeticException e) {
      throw new EvaluationException(
          "expression '%s' resulted in error: %s".formatted(text, e.getMessage()));
    }
  }

  /** Whether it holds. */
  public boolean holds(Map<String, Object> variables) {
    return Boolean.TRUE.equals(value(variables));
  }

  /** An expression that has no value for a request. */
  public static final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EvaluationException(String message) {
      super(message, null, false, false);
    }
  }
}
