package dev.shiplog.api.schema.custom;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the rules of one schema may cost for one object at most. A schema that would let an object
 * cost too much is refused with its definition, by the limits of Kubernetes. One schema, one
 * thread.
 */
final class CelCosts {

  /** How often a value is there if no list or map above it has a limit. */
  static final long ANY_NUMBER = -1;

  private static final long ONE_EXPRESSION = 10_000_000;
  private static final long ALL_EXPRESSIONS = 100_000_000;
  private static final int NAMED = 4;

  private final boolean known;
  private final Causes causes;
  private final List<Costly> costly = new ArrayList<>();
  private long total;

  private record Costly(FieldPath path, long cost) {}

  /**
   * Begins with a schema.
   *
   * @param known whether its rules were accepted before: the limit of each is not held against them
   */
  CelCosts(boolean known, Causes causes) {
    this.known = known;
    this.causes = causes;
  }

  /** How often what is in a list or a map is there, if that is there so often. */
  static long times(long times, CustomSchema container, String limit) {
    long most = container.facts().path(limit).asLong(ANY_NUMBER);
    return times == ANY_NUMBER || most < 0 ? ANY_NUMBER : CelRange.product(times, most);
  }

  /** The rules of one place. */
  Place at(CustomSchema schema, boolean root, long times) {
    CelExtent self = CelExtent.of(schema, root);
    if (times != ANY_NUMBER) {
      return new Place(self, times);
    }
    return new Place(self, self == null ? 1 : self.mostInARequest());
  }

  /** One place in the schema that has rules. */
  final class Place {

    private final CelExtent self;
    private final long times;

    private Place(CelExtent self, long times) {
      this.self = self;
      this.times = times;
    }

    void rule(CelAbstractSyntaxTree ast, FieldPath path) {
      add("estimated rule cost", CelRange.product(CelCost.of(ast, self), times), path);
    }

    void message(CelAbstractSyntaxTree ast, FieldPath path) {
      add("estimated messageExpression cost", CelCost.of(ast, self), path);
    }
  }

  private void add(String what, long cost, FieldPath path) {
    if (!known && cost > ONE_EXPRESSION) {
      causes.forbidden(path, exceeds(what, cost, ONE_EXPRESSION));
    }
    total = CelRange.sum(total, cost);
    if (cost >= ALL_EXPRESSIONS / 100) {
      costly.add(new Costly(path, cost));
    }
  }

  /** Tells if all rules together cost too much, and which of them cost the most. */
  void judge(FieldPath schema) {
    if (total <= ALL_EXPRESSIONS) {
      return;
    }
    costly.stream()
        .sorted(Comparator.comparingLong(Costly::cost).reversed())
        .limit(NAMED)
        .forEach(rule ->
            causes.other(
                "FieldValueForbidden",
                "Forbidden: contributed to estimated rule cost total exceeding cost limit for"
                    + " entire OpenAPIv3 schema",
                rule.path));
    causes.forbidden(
        schema,
        exceeds(
            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
            total,
            ALL_EXPRESSIONS));
  }

  private static String exceeds(String what, long cost, long limit) {
    double factor = (double) cost / limit;
    String times;
    if (factor > 100) {
      times = "more than 100x";
    } else {
      times = String.format(Locale.ROOT, factor < 1.5 ? "%.6fx" : "%.1fx", factor);
    }
    return "%s exceeds budget by factor of %s (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
        .formatted(what, times);
  }
}
