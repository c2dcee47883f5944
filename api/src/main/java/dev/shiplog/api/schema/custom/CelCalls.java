package dev.shiplog.api.schema.custom;

import static dev.shiplog.api.schema.custom.CelRange.product;
import static dev.shiplog.api.schema.custom.CelRange.share;
import static dev.shiplog.api.schema.custom.CelRange.sum;

import dev.cel.common.types.CelKind;
import java.util.List;

/**
 * What calls of functions cost, in the units and by the rules of Kubernetes: which definitions are
 * accepted is part of its API. Used before there are values, and while an expression is computed.
 */
final class CelCalls {

  /** To read a character. */
  private static final double CHARACTER = 0.1;

  /** A part of a pattern has some four characters. */
  private static final double PATTERN = 0.25;

  private static final long AUTHORIZATION = 350_000;
  private static final long LONGEST_FORMAT = 128;
  private static final CelRange ADDRESS = new CelRange(4, 16);

  private CelCalls() {}

  /**
   * What a call costs beside its arguments.
   *
   * @param cost the most it may be
   * @param size of what it gives; null if nothing is known of it
   */
  record Call(long cost, CelRange size) {}

  /**
   * Tells what a call costs.
   *
   * @param target null if the function is no member of anything
   */
  static Call of(String function, CelOperand target, List<CelOperand> args) {
    return switch (function) {
      case "_&&_", "_||_", "_?_:_" -> new Call(0, null);
      case "_==_", "_!=_" -> plain(equality(args.get(0), args.get(1)));
      case "_<_", "_<=_", "_>_", "_>=_" -> plain(order(args.get(0), args.get(1)));
      case "_+_" -> added(args.get(0), args.get(1));
      case "@in" -> plain(args.get(1).kind() == CelKind.MAP ? 1 : args.get(1).size().max());
      case "matches" -> matches(target, args);
      case "string", "bytes" -> converted(function, args.get(0));
      case "startsWith", "endsWith" -> plain(reading(args.get(0).size()));
      case "url", "jsonpatch.escapeKey", "strings.quote" -> read(args.get(0).size());
      case "check" -> plain(AUTHORIZATION);
      case "sets.contains", "sets.intersects" -> plain(sets(args, 1));
      case "sets.equivalent" -> plain(sets(args, 2));
      default -> target == null ? plain(1) : member(function, target, args);
    };
  }

  private static Call member(String function, CelOperand target, List<CelOperand> args) {
    CelRange size = target.size();
    return switch (function) {
      case "contains" -> plain(product(reading(size), reading(args.get(0).size())));
      case "format" -> plain(reading(size));
      case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> plain(all(target));
      case "lowerAscii", "upperAscii", "substring", "trim" -> read(size);
      case "replace" -> new Call(twice(size), replaced(size, args));
      case "split" -> new Call(twice(size), new CelRange(0, parts(size, args)));
      case "join" -> read(joined(target, args));
      case "find", "findAll" ->
          new Call(pattern(size, args.get(0).size()), new CelRange(0, size.max()));
      case "validate" -> plain(share(reading(args.get(0).size()), LONGEST_FORMAT * PATTERN));
      case "containsIP" -> plain(sum(twice(ADDRESS), written(args.get(0))));
      case "containsCIDR" ->
          plain(sum(twice(ADDRESS) + reading(ADDRESS) + 1, written(args.get(0))));
      default -> plain(1);
    };
  }

  private static Call plain(long cost) {
    return new Call(cost, null);
  }

  private static Call read(CelRange size) {
    return new Call(reading(size), size);
  }

  private static long reading(CelRange size) {
    return share(size.max(), CHARACTER);
  }

  private static long twice(CelRange size) {
    return share(size.max(), 2 * CHARACTER);
  }

  /** An address that has to be read first. */
  private static long written(CelOperand address) {
    return address.isText() ? reading(address.size()) : 0;
  }

  private static long equality(CelOperand one, CelOperand other) {
    return one.kind() == CelKind.OPAQUE && other.kind() == CelKind.OPAQUE
        ? 1
        : share(Math.min(one.size().max(), other.size().max()), CHARACTER);
  }

  private static long order(CelOperand one, CelOperand other) {
    return one.isText() && other.isText() ? equality(one, other) : 1;
  }

  private static Call added(CelOperand one, CelOperand other) {
    CelRange size = one.size().plus(other.size());
    if (one.isList() && other.isList()) {
      return new Call(1, size);
    }
    return one.isText() && other.isText() ? read(size) : plain(1);
  }

  private static Call converted(String function, CelOperand value) {
    CelRange size = value.size();
    if (function.equals("bytes") && value.isText()) {
      return new Call(reading(size), new CelRange(size.min(), product(size.max(), 4)));
    }
    return value.kind() == CelKind.BYTES
        ? new Call(reading(size), new CelRange(size.min() / 4, size.max()))
        : plain(1);
  }

  private static Call matches(CelOperand target, List<CelOperand> args) {
    CelOperand text = target == null ? args.get(0) : target;
    return plain(pattern(text.size(), args.getLast().size()));
  }

  /** An empty text has its pattern tried, too. */
  private static long pattern(CelRange text, CelRange pattern) {
    return product(reading(text.plus(CelRange.exactly(1))), share(pattern.max(), PATTERN));
  }

  /** One pass over a list, or over a text. */
  private static long all(CelOperand target) {
    if (!target.isList()) {
      return reading(target.size());
    }
    boolean texts =
        target.item() != null
            && (target.item().kind() == CelKind.STRING || target.item().kind() == CelKind.BYTES);
    return product(target.size().max(), texts ? sum(1, reading(target.item().size())) : 1);
  }

  private static CelRange replaced(CelRange size, List<CelOperand> args) {
    CelRange old = args.get(0).size();
    CelRange made = args.get(1).size();
    long most;
    if (old.min() == 0) { // what is new stands before and after each character
      most = sum(product(sum(size.max(), 1), made.max()), size.max());
    } else if (made.max() <= old.min()) {
      most = size.max();
    } else {
      most = product(share(size.max(), 1.0 / old.min()), made.max());
    }
    return new CelRange(0, most);
  }

  private static long parts(CelRange size, List<CelOperand> args) {
    Long limit = args.size() > 1 ? args.get(1).literal() : null;
    return limit == null || limit < 0 ? size.max() : limit;
  }

  private static CelRange joined(CelOperand list, List<CelOperand> args) {
    CelRange items =
        list.item() == null ? CelRange.exactly(0) : list.size().times(list.item().size());
    if (args.isEmpty()) {
      return items;
    }
    CelRange between =
        new CelRange(Math.max(0, list.size().min() - 1), Math.max(0, list.size().max() - 1));
    return items.plus(args.get(0).size().times(between));
  }

  private static long sets(List<CelOperand> args, int factor) {
    CelRange pairs = args.get(0).size().times(args.get(1).size());
    return sum(product(pairs.max(), factor), 1);
  }
}
