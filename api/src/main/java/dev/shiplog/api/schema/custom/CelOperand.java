package dev.shiplog.api.schema.custom;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import java.util.List;
import java.util.Map;

/**
 * What a function is called with, as far as its cost depends on it.
 *
 * @param kind of its type
 * @param size how large it may be
 * @param item what a list holds; null if that is not known, or it is no list
 * @param literal its value, if it stands in the expression as a whole number; else null
 */
record CelOperand(CelKind kind, CelRange size, CelOperand item, Long literal) {

  private static final CelRange ONE = CelRange.exactly(1);

  /** What an expression has computed. */
  static CelOperand of(Object value) {
    return switch (value) {
      case String text -> sized(CelKind.STRING, text.codePointCount(0, text.length()));
      case CelByteString bytes -> sized(CelKind.BYTES, bytes.size());
      case List<?> list -> sized(CelKind.LIST, list.size());
      case Map<?, ?> map -> sized(CelKind.MAP, map.size());
      case null, default -> new CelOperand(CelKind.OPAQUE, ONE, null, null);
    };
  }

  private static CelOperand sized(CelKind kind, long size) {
    return new CelOperand(kind, CelRange.exactly(size), null, null);
  }

  /** What is said of a value before it is computed. */
  static CelOperand of(CelType type, CelRange size, CelOperand item, CelExpr written) {
    boolean number =
        written.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && written.constant().getKind() == CelConstant.Kind.INT64_VALUE;
    return new CelOperand(type.kind(), size, item, number ? written.constant().int64Value() : null);
  }

  /** What stands in the expression itself; null for anything else. */
  static CelOperand of(CelConstant constant) {
    return switch (constant.getKind()) {
      case STRING_VALUE -> of((Object) constant.stringValue());
      case BYTES_VALUE -> of((Object) constant.bytesValue());
      case INT64_VALUE -> new CelOperand(CelKind.INT, ONE, null, constant.int64Value());
      default -> new CelOperand(CelKind.OPAQUE, ONE, null, null);
    };
  }

  /** Whether it is a text, or may be one. */
  boolean isText() {
    return kind == CelKind.STRING || kind == CelKind.BYTES || kind.isDyn();
  }

  boolean isList() {
    return kind == CelKind.LIST;
  }
}
