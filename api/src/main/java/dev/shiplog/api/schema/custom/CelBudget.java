package dev.shiplog.api.schema.custom;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import java.util.Map;

/**
 * Evaluates expressions that users write, within bounds: one that costs too much, or makes texts
 * that are too large, fails as in Kubernetes, and so does the rest of an object's rules once they
 * have cost too much together. The server does not wait for them. One object, one thread.
 */
public final class CelBudget {

  /** What one expression may cost, each time it is evaluated. */
  private static final long ONE_EXPRESSION = 1_000_000;

  /** What all rules of an object may cost. */
  private static final long ALL_EXPRESSIONS = 10_000_000;

  private long left = ALL_EXPRESSIONS;

  /**
   * An expression's value.
   *
   * @throws CelEvaluationException if it has none, or is too costly
   */
  public static Object eval(Program program, Map<String, ?> variables)
      throws CelEvaluationException {
    try {
      return eval(program, variables, new CelMeter(ONE_EXPRESSION));
    } catch (TooCostlyException e) {
      throw new CelEvaluationException(e.getMessage());
    }
  }

  /**
   * An expression's value, whose cost is taken from the budget.
   *
   * @throws SpentException if that was too much for the budget
   * @throws TooCostlyException if it was stopped, with which the budget is spent
   * @throws CelEvaluationException if it has no value
   */
  Object spendOn(Program program, Map<String, ?> variables) throws CelEvaluationException {
    CelMeter meter = new CelMeter(ONE_EXPRESSION);
    Object value;
    try {
      value = eval(program, variables, meter);
    } catch (TooCostlyException e) {
      left = -1;
      throw e;
    } finally {
      left -= meter.spent();
    }
    if (isSpent()) {
      throw new SpentException();
    }
    return value;
  }

  /** Whether nothing more may be evaluated. */
  boolean isSpent() {
    return left < 0;
  }

  private static Object eval(Program program, Map<String, ?> variables, CelMeter meter)
      throws CelEvaluationException {
    return program.trace(variables, meter);
  }

  /** An expression was stopped. */
  static final class TooCostlyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooCostlyException() {
      super("operation cancelled: actual cost limit exceeded", null, false, false);
    }
  }

  /** Nothing is left. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException() {
      super(
          "validation failed due to running out of cost budget, no further validation rules will be"
              + " run",
          null,
          false,
          false);
    }
  }
}
