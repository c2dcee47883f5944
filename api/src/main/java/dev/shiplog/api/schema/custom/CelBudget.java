package dev.shiplog.api.schema.custom;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationListener;
import dev.cel.runtime.CelRuntime.Program;
import java.util.Map;

/**
 * Evaluates expressions that users write, within bounds: one that goes on for too long, or makes
 * texts that are too large, fails as one that Kubernetes finds too costly does, and the server does
 * not wait for it.
 */
public final class CelBudget {

  /** Parts of the expression that are evaluated, each time. About a second, on a slow machine. */
  private static final int MOST_STEPS = 1_000_000;

  /** Larger than any object; a text that doubles some times is soon larger than memory. */
  private static final int LONGEST_TEXT = 4 << 20;

  private CelBudget() {}

  /**
   * An expression's value.
   *
   * @throws CelEvaluationException if it has none, or is too costly
   */
  public static Object eval(Program program, Map<String, ?> variables)
      throws CelEvaluationException {
    try {
      return program.trace(variables, new Meter());
    } catch (ExceededException e) {
      throw new CelEvaluationException(e.getMessage());
    }
  }

  private static final class Meter implements CelEvaluationListener {

    private int steps;

    @Override
    public void callback(CelExpr part, Object value) {
      steps++;
      if (steps > MOST_STEPS || (value instanceof String text && text.length() > LONGEST_TEXT)) {
        throw new ExceededException();
      }
    }
  }

  private static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExceededException() {
      super("operation cancelled: actual cost limit exceeded", null, false, false);
    }
  }
}
