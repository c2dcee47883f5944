package dev.shiplog.api.schema.custom;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How large the values of an expression's parts may be. The parts tell themselves in the order in
 * which {@link CelCost} walks over them. One expression, one thread.
 */
final class CelSizes {

  private final CelAbstractSyntaxTree ast;
  private final CelExtent self;

  /** Ways from a variable to what a part of the expression is; by the part's id. */
  private final Map<Long, List<String>> paths = new HashMap<>();

  private final Map<Long, CelRange> made = new HashMap<>();

  /** Sizes of what lists and maps hold that the expression makes. */
  private final Map<Long, CelRange> items = new HashMap<>();

  private final Map<String, Deque<Local>> locals = new HashMap<>();

  /** A variable of a loop; the sizes are null if they are not known. */
  private record Local(List<String> path, CelRange size, CelRange items) {}

  /**
   * Begins with an expression.
   *
   * @param self what the variables {@code self} and {@code oldSelf} may be; null if unknown
   */
  CelSizes(CelAbstractSyntaxTree ast, CelExtent self) {
    this.ast = ast;
    this.self = self;
  }

  void identifier(CelExpr expr) {
    Local local = local(expr.ident().name());
    paths.put(expr.id(), local == null ? List.of(expr.ident().name()) : local.path);
  }

  void step(CelExpr expr, CelExpr from, String step) {
    paths.put(expr.id(), longer(path(from), step));
  }

  void lookedUp(CelExpr expr, CelExpr container) {
    step(expr, container, valuesOf(container));
    made(expr, itemsOf(container));
  }

  void made(CelExpr expr, CelRange size) {
    if (size != null) {
      made.put(expr.id(), size);
    }
  }

  void items(CelExpr expr, List<CelExpr> elements) {
    CelRange all = elements.isEmpty() ? CelRange.exactly(0) : null;
    for (CelExpr element : elements) {
      all = all == null ? of(element) : all.or(of(element));
    }
    items.put(expr.id(), all);
  }

  void same(CelExpr expr, CelExpr as) {
    made(expr, known(as));
    setItems(expr, itemsOf(as));
  }

  void either(CelExpr expr, CelExpr one, CelExpr other) {
    made(expr, of(one).or(of(other)));
    itemsOfBoth(expr, one, other);
  }

  void itemsOfBoth(CelExpr expr, CelExpr one, CelExpr other) {
    CelRange first = itemsOf(one);
    CelRange second = itemsOf(other);
    setItems(expr, first == null || second == null ? null : first.or(second));
  }

  void enter(CelComprehension loop) {
    bind(loop);
    CelExpr range = loop.iterRange();
    boolean list = type(range).kind() == CelKind.LIST;
    if (loop.iterVar2().isEmpty()) {
      String step = list ? CelExtent.ITEMS : CelExtent.KEYS;
      CelRange each = list ? itemsOf(range) : null;
      push(loop.iterVar(), new Local(longer(path(range), step), each, null));
    } else {
      String key = list ? "@indices" : CelExtent.KEYS;
      push(loop.iterVar(), new Local(longer(path(range), key), null, null));
      push(loop.iterVar2(), new Local(longer(path(range), valuesOf(range)), itemsOf(range), null));
    }
  }

  void bind(CelComprehension loop) {
    CelExpr init = loop.accuInit();
    push(loop.accuVar(), new Local(path(init), known(init), itemsOf(init)));
  }

  void leaveItems(CelComprehension loop) {
    locals.get(loop.iterVar()).pop();
    if (!loop.iterVar2().isEmpty()) {
      locals.get(loop.iterVar2()).pop();
    }
  }

  void leave(CelComprehension loop) {
    locals.get(loop.accuVar()).pop();
  }

  /** What a loop gives is as large as what it goes over, or as the value it begins with. */
  void looped(CelExpr expr, CelComprehension loop) {
    switch (loop.accuInit().getKind()) {
      case CONSTANT -> made(expr, known(loop.accuInit()));
      case LIST, MAP -> {
        made(expr, of(loop.iterRange()));
        setItems(expr, itemsOf(loop.loopStep()));
      }
      default -> {} // nothing is known of it
    }
  }

  CelRange of(CelExpr expr) {
    CelRange size = known(expr);
    return size == null ? CelRange.UNKNOWN : size;
  }

  CelOperand operand(CelExpr expr) {
    CelType type = type(expr);
    CelOperand item = null;
    if (!type.parameters().isEmpty()) {
      List<String> path = path(expr);
      CelExtent extent = path.isEmpty() ? null : extent(longer(path, CelExtent.ITEMS));
      CelRange size = extent == null ? CelRange.UNKNOWN : new CelRange(0, extent.most());
      item = new CelOperand(type.parameters().getFirst().kind(), size, null, null);
    }
    return CelOperand.of(type, of(expr), item, expr);
  }

  private CelRange known(CelExpr expr) {
    CelRange computed = made.get(expr.id());
    if (computed != null) {
      return computed;
    }
    CelRange written = written(expr);
    if (written != null) {
      return written;
    }
    List<String> path = path(expr);
    CelExtent extent = path.isEmpty() ? null : extent(path);
    if (extent != null) {
      return new CelRange(0, extent.most());
    }
    if (isScalar(type(expr))) {
      return CelRange.exactly(1);
    }
    Local local = localOf(expr);
    return local == null ? null : local.size;
  }

  private static CelRange written(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> CelOperand.of(expr.constant()).size();
      case LIST -> CelRange.exactly(expr.list().elements().size());
      case MAP -> CelRange.exactly(expr.map().entries().size());
      default -> null;
    };
  }

  private static boolean isScalar(CelType type) {
    return switch (type.kind()) {
      case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
      case OPAQUE -> type.name().equals("optional_type") && isScalar(type.parameters().getFirst());
      default -> false;
    };
  }

  private CelExtent extent(List<String> path) {
    return self == null ? null : self.at(path);
  }

  private CelRange itemsOf(CelExpr expr) {
    CelRange known = items.get(expr.id());
    Local local = known == null ? localOf(expr) : null;
    return local == null ? known : local.items;
  }

  private void setItems(CelExpr expr, CelRange size) {
    if (size != null) {
      items.put(expr.id(), size);
    }
  }

  private List<String> path(CelExpr expr) {
    Local local = localOf(expr);
    return local == null ? paths.getOrDefault(expr.id(), List.of()) : local.path;
  }

  private Local localOf(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.IDENT ? local(expr.ident().name()) : null;
  }

  private Local local(String name) {
    Deque<Local> stack = locals.get(name);
    return stack == null ? null : stack.peek();
  }

  private void push(String name, Local local) {
    locals.computeIfAbsent(name, n -> new ArrayDeque<>()).push(local);
  }

  private String valuesOf(CelExpr container) {
    return type(container).kind() == CelKind.LIST ? CelExtent.ITEMS : CelExtent.VALUES;
  }

  private CelType type(CelExpr expr) {
    return ast.getTypeOrThrow(expr.id());
  }

  private static List<String> longer(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }
}
