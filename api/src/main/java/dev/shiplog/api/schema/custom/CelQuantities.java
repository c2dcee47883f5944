package dev.shiplog.api.schema.custom;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.shiplog.api.schema.custom.CelFunction.Kind;
import dev.shiplog.api.schema.decoding.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** Amounts of resources in expressions: {@code quantity('1Gi').isLessThan(quantity('2Gi'))}. */
final class CelQuantities {

  static final OpaqueType TYPE = OpaqueType.create("kubernetes.Quantity");

  private static final Kind<Quantity> QUANTITY = new Kind<>(TYPE, Quantity.class, "quantity");

  private CelQuantities() {}

  static List<CelFunction> functions() {
    return List.of(
        CelFunction.global(
            "quantity", TYPE, Kind.TEXT, text -> CelFunction.read(Quantity::parse, text)),
        CelFunction.global(
            "isQuantity",
            SimpleType.BOOL,
            Kind.TEXT,
            text -> CelFunction.isReadable(Quantity::parse, text)),
        CelFunction.member("sign", SimpleType.INT, QUANTITY, q -> (long) q.amount().signum()),
        CelFunction.member("isInteger", SimpleType.BOOL, QUANTITY, CelQuantities::isInteger),
        CelFunction.member("asInteger", SimpleType.INT, QUANTITY, CelQuantities::asInteger),
        CelFunction.member(
            "asApproximateFloat", SimpleType.DOUBLE, QUANTITY, q -> q.amount().doubleValue()),
        CelFunction.member("add", TYPE, QUANTITY, QUANTITY, Quantity::plus),
        CelFunction.member("add", TYPE, QUANTITY, Kind.NUMBER, (q, n) -> q.plus(of(n, q))),
        CelFunction.member("sub", TYPE, QUANTITY, QUANTITY, (q, other) -> q.plus(negated(other))),
        CelFunction.member("sub", TYPE, QUANTITY, Kind.NUMBER, (q, n) -> q.plus(of(-n, q))),
        CelFunction.member(
            "isLessThan", SimpleType.BOOL, QUANTITY, QUANTITY, (a, b) -> a.compareTo(b) < 0),
        CelFunction.member(
            "isGreaterThan", SimpleType.BOOL, QUANTITY, QUANTITY, (a, b) -> a.compareTo(b) > 0),
        CelFunction.member(
            "compareTo", SimpleType.INT, QUANTITY, QUANTITY, (a, b) -> (long) a.compareTo(b)));
  }

  private static boolean isInteger(Quantity quantity) {
    BigDecimal amount = quantity.amount();
    return amount.stripTrailingZeros().scale() <= 0 && amount.toBigInteger().bitLength() < 64;
  }

  private static long asInteger(Quantity quantity) throws CelEvaluationException {
    if (!isInteger(quantity)) {
      throw new CelEvaluationException("cannot convert value to integer: " + quantity);
    }
    return quantity.amount().longValueExact();
  }

  private static Quantity of(long number, Quantity like) {
    return new Quantity(BigDecimal.valueOf(number), like.family());
  }

  private static Quantity negated(Quantity quantity) {
    return new Quantity(quantity.amount().negate(), quantity.family());
  }
}
