package dev.shiplog.api.admission.expressions;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelStruct;
import java.util.Optional;

/**
 * Turns the objects that an expression makes into maps: {@code Object.spec{replicas: 1}} names a
 * type that is that of the request's object, whatever it is, and only its content counts.
 */
final class StructsToMaps {

  private long nextId = 1_000_000;

  private StructsToMaps() {}

  static CelExpr in(CelExpr expression) {
    return new StructsToMaps().convert(expression);
  }

  private CelExpr convert(CelExpr e) {
    return switch (e.getKind()) {
      case STRUCT -> map(e.id(), e.struct());
      case SELECT ->
          CelExpr.ofSelect(
              e.id(), convert(e.select().operand()), e.select().field(), e.select().testOnly());
      case CALL ->
          CelExpr.ofCall(
              e.id(),
              e.call().target().map(this::convert),
              e.call().function(),
              all(e.call().args()));
      case LIST -> CelExpr.ofList(e.id(), all(e.list().elements()), e.list().optionalIndices());
      case MAP -> CelExpr.ofMap(e.id(), entries(e.map()));
      case COMPREHENSION -> comprehension(e.id(), e.comprehension());
      case CONSTANT, IDENT, NOT_SET -> e;
    };
  }

  private ImmutableList<CelExpr> all(Iterable<CelExpr> expressions) {
    ImmutableList.Builder<CelExpr> converted = ImmutableList.builder();
    expressions.forEach(e -> converted.add(convert(e)));
    return converted.build();
  }

  private CelExpr map(long id, CelStruct struct) {
    ImmutableList.Builder<CelMap.Entry> entries = ImmutableList.builder();
    for (CelStruct.Entry field : struct.entries()) {
      CelExpr key = CelExpr.ofConstant(nextId++, CelConstant.ofValue(field.fieldKey()));
      entries.add(
          CelExpr.ofMapEntry(field.id(), key, convert(field.value()), field.optionalEntry()));
    }
    return CelExpr.ofMap(id, entries.build());
  }

  private ImmutableList<CelMap.Entry> entries(CelMap map) {
    ImmutableList.Builder<CelMap.Entry> entries = ImmutableList.builder();
    map.entries()
        .forEach(e ->
            entries.add(
                CelExpr.ofMapEntry(
                    e.id(), convert(e.key()), convert(e.value()), e.optionalEntry())));
    return entries.build();
  }

  private CelExpr comprehension(long id, CelComprehension c) {
    Optional<String> second = Optional.of(c.iterVar2()).filter(name -> !name.isEmpty());
    return second.isPresent()
        ? CelExpr.ofComprehension(
            id,
            c.iterVar(),
            second.get(),
            convert(c.iterRange()),
            c.accuVar(),
            convert(c.accuInit()),
            convert(c.loopCondition()),
            convert(c.loopStep()),
            convert(c.result()))
        : CelExpr.ofComprehension(
            id,
            c.iterVar(),
            convert(c.iterRange()),
            c.accuVar(),
            convert(c.accuInit()),
            convert(c.loopCondition()),
            convert(c.loopStep()),
            convert(c.result()));
  }
}
