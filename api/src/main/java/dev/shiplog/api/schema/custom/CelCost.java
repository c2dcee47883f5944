package dev.shiplog.api.schema.custom;

import static dev.shiplog.api.schema.custom.CelRange.product;
import static dev.shiplog.api.schema.custom.CelRange.sum;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an expression costs at most, given how large the values may be that it looks at. The rules
 * are those of CEL in Go, so that a definition is refused here if and only if Kubernetes refuses
 * it. One expression, one thread.
 */
final class CelCost {

  private static final long STEP = 1;
  private static final long LIST = 10;
  private static final long MAP = 30;
  private static final long STRUCT = 40;

  private final CelAbstractSyntaxTree ast;
  private final CelSizes sizes;

  private CelCost(CelAbstractSyntaxTree ast, CelExtent self) {
    this.ast = ast;
    this.sizes = new CelSizes(ast, self);
  }

  /** The most it may cost. */
  static long of(CelAbstractSyntaxTree ast, CelExtent self) {
    return new CelCost(ast, self).cost(ast.getExpr());
  }

  private long cost(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT -> {
        sizes.identifier(expr);
        yield STEP;
      }
      case SELECT -> select(expr);
      case CALL -> call(expr);
      case LIST -> list(expr);
      case MAP -> map(expr);
      case STRUCT -> {
        long sum = STRUCT;
        for (CelExpr.CelStruct.Entry entry : expr.struct().entries()) {
          sum = sum(sum, cost(entry.value()));
        }
        yield sum;
      }
      case COMPREHENSION -> isBinding(expr.comprehension()) ? binding(expr) : comprehension(expr);
      case CONSTANT, NOT_SET -> 0;
    };
  }

  private long select(CelExpr expr) {
    CelExpr operand = expr.select().operand();
    long cost = cost(operand);
    if (expr.select().testOnly()) {
      return cost; // to ask whether a field is there is for free
    }
    CelKind kind = type(operand).kind();
    sizes.step(expr, operand, expr.select().field());
    boolean looksUp = kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM;
    return looksUp ? sum(cost, STEP) : cost;
  }

  private long list(CelExpr expr) {
    long cost = LIST;
    for (CelExpr element : expr.list().elements()) {
      cost = sum(cost, cost(element));
    }
    sizes.items(expr, expr.list().elements());
    return cost;
  }

  private long map(CelExpr expr) {
    long cost = MAP;
    List<CelExpr> values = new ArrayList<>();
    for (CelExpr.CelMap.Entry entry : expr.map().entries()) {
      cost = sum(cost, sum(cost(entry.key()), cost(entry.value())));
      values.add(entry.value());
    }
    sizes.items(expr, values);
    return cost;
  }

  private long call(CelExpr expr) {
    CelCall call = expr.call();
    List<Long> costs = new ArrayList<>();
    Stream.concat(call.target().stream(), call.args().stream()).forEach(e -> costs.add(cost(e)));
    long each = costs.stream().reduce(0L, CelRange::sum);
    return switch (call.function()) {
      case "dyn" -> {
        sizes.same(expr, call.args().getFirst());
        yield sum(each, STEP);
      }
      case "_?_:_" -> {
        sizes.either(expr, call.args().get(1), call.args().get(2));
        yield sum(costs.get(0), Math.max(costs.get(1), costs.get(2)));
      }
      case "_[_]" -> {
        sizes.lookedUp(expr, call.args().getFirst());
        yield sum(each, STEP);
      }
      default -> sum(each, function(expr, call));
    };
  }

  private long function(CelExpr expr, CelCall call) {
    List<CelOperand> args = call.args().stream().map(sizes::operand).toList();
    CelOperand target = call.target().map(sizes::operand).orElse(null);
    CelCalls.Call made = CelCalls.of(call.function(), target, args);
    sizes.made(expr, made.size());
    if (call.function().equals("_+_")) {
      sizes.itemsOfBoth(expr, call.args().get(0), call.args().get(1));
    }
    return made.cost();
  }

  private long comprehension(CelExpr expr) {
    CelComprehension loop = expr.comprehension();
    long cost = sum(cost(loop.iterRange()), cost(loop.accuInit()));
    sizes.enter(loop);
    long condition = cost(loop.loopCondition());
    long step = cost(loop.loopStep());
    sizes.leaveItems(loop);
    cost = sum(cost, cost(loop.result()));
    sizes.leave(loop);
    long rounds = sizes.of(loop.iterRange()).max();
    sizes.looped(expr, loop);
    return sum(cost, product(rounds, sum(condition, step)));
  }

  /** {@code cel.bind}: a loop over nothing, whose accumulator is the variable. */
  private static boolean isBinding(CelComprehension loop) {
    CelExpr condition = loop.loopCondition();
    return loop.iterRange().getKind() == CelExpr.ExprKind.Kind.LIST
        && loop.iterRange().list().elements().isEmpty()
        && condition.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && condition.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
        && !condition.constant().booleanValue();
  }

  private long binding(CelExpr expr) {
    CelComprehension loop = expr.comprehension();
    long cost = sum(cost(loop.iterRange()), cost(loop.accuInit()));
    sizes.bind(loop);
    cost = sum(cost, cost(loop.result()));
    sizes.same(expr, loop.result());
    sizes.leave(loop);
    return cost;
  }

  private CelType type(CelExpr expr) {
    return ast.getTypeOrThrow(expr.id());
  }
}
