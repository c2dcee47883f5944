package dev.shiplog.api.schema.custom;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up what an expression costs while it is evaluated, and stops it at a limit. It is told of
 * each part after its arguments. One evaluation, one thread.
 */
final class CelMeter implements CelEvaluationListener {

  /** Larger than any object; a text that doubles some times is soon larger than memory. */
  private static final int LONGEST_TEXT = 4 << 20;

  private final long limit;

  /** Values last seen of the parts whose size counts, by the parts' ids. */
  private final Map<Long, Object> sized = new HashMap<>();

  private long spent;

  CelMeter(long limit) {
    this.limit = limit;
  }

  long spent() {
    return spent;
  }

  @Override
  public void callback(CelExpr part, Object value) {
    spent = CelRange.sum(spent, cost(part));
    if (spent > limit || (value instanceof String text && text.length() > LONGEST_TEXT)) {
      throw new CelBudget.TooCostlyException();
    }
    switch (value) {
      case String _, CelByteString _, List<?> _, Map<?, ?> _ -> sized.put(part.id(), value);
      case null, default -> {} // its size is one
    }
  }

  private long cost(CelExpr part) {
    return switch (part.getKind()) {
      case IDENT -> 1;
      case SELECT -> part.select().testOnly() ? 0 : 1;
      case LIST -> 10;
      case MAP -> 30;
      case STRUCT -> 40;
      case CALL -> call(part.call());
      case COMPREHENSION, CONSTANT, NOT_SET -> 0;
    };
  }

  private long call(CelCall call) {
    List<CelOperand> args = call.args().stream().map(this::operand).toList();
    CelOperand target = call.target().map(this::operand).orElse(null);
    return CelCalls.of(call.function(), target, args).cost();
  }

  private CelOperand operand(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        ? CelOperand.of(expr.constant())
        : CelOperand.of(sized.get(expr.id()));
  }
}
