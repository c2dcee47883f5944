package dev.shiplog.api.admission.expressions;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.shiplog.api.schema.custom.CelLibrary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles expressions over the variables that Kubernetes declares. Any thread. */
public final class Expressions {

  /** Longer than any that somebody wrote by hand. */
  private static final int LONGEST = 10 * 1024;

  private static final List<String> COMMON =
      List.of("object", "oldObject", "request", "authorizer", "authorizer.requestResource");
  private static final List<String> OF_POLICIES = List.of("namespaceObject", "params", "variables");

  private final Cel cel;

  private Expressions(List<String> further) {
    this(further, Map.of(), builder());
  }

  private Expressions(List<String> further, Map<String, CelType> types, CelBuilder builder) {
    for (List<String> names : List.of(COMMON, further)) {
      names.forEach(name -> builder.addVar(name, types.getOrDefault(name, SimpleType.DYN)));
    }
    cel = builder.build();
  }

  private static CelBuilder builder() {
    return CelLibrary.builder()
        .addFunctionDeclarations(AuthorizerLibrary.declarations())
        .addFunctionBindings(AuthorizerLibrary.bindings())
        .addFunctionDeclarations(PatchLibrary.declarations())
        .addFunctionBindings(PatchLibrary.bindings());
  }

  /** Those of policies, where types of variables are known. */
  static Expressions typed(Map<String, CelType> types, CelTypeProvider provider) {
    return new Expressions(OF_POLICIES, types, builder().setTypeProvider(provider));
  }

  /** The type of an expression's value; empty if it cannot be compiled. */
  Optional<CelType> typeOf(String text) {
    try {
      return Optional.of(checked(text).getResultType());
    } catch (CelValidationException e) {
      return Optional.empty();
    }
  }

  /** Those of webhooks' match conditions. */
  public static Expressions ofWebhooks() {
    return Webhooks.HERE;
  }

  /** Those of policies. */
  public static Expressions ofPolicies() {
    return Policies.HERE;
  }

  private static final class Webhooks {
    static final Expressions HERE = new Expressions(List.of());
  }

  private static final class Policies {
    static final Expressions HERE = new Expressions(OF_POLICIES);
  }

  /** Compiles a condition. */
  public Expression condition(String text) {
    return compile(text, SimpleType.BOOL);
  }

  /** Compiles an expression whose value is a text. */
  public Expression text(String text) {
    return compile(text, SimpleType.STRING);
  }

  /** Compiles an expression of any value. */
  public Expression any(String text) {
    return compile(text, SimpleType.DYN);
  }

  private Expression compile(String text, CelType wanted) {
    if (text.length() > LONGEST) {
      return new Expression(text, null, "the expression is longer than " + LONGEST);
    }
    try {
      CelAbstractSyntaxTree ast = checked(text);
      CelType type = ast.getResultType();
      boolean fits =
          wanted.equals(SimpleType.DYN)
              || type.equals(wanted)
              || type.equals(SimpleType.DYN)
              || (wanted.equals(SimpleType.STRING) && isNullOr(type, wanted));
      return fits
          ? new Expression(text, cel.createProgram(ast), "")
          : new Expression(
              text, null, "must evaluate to " + wanted.name().toLowerCase(java.util.Locale.ROOT));
    } catch (CelValidationException | CelEvaluationException e) {
      return new Expression(text, null, e.getMessage());
    }
  }

  private static boolean isNullOr(CelType type, CelType wanted) {
    return type.equals(SimpleType.NULL_TYPE)
        || (type.name().contains("wrapper") && wanted.equals(SimpleType.STRING));
  }

  /** Objects that an expression makes ({@code Object{…}}) are maps here. */
  private CelAbstractSyntaxTree checked(String text) throws CelValidationException {
    CelAbstractSyntaxTree parsed = cel.parse(text).getAst();
    CelAbstractSyntaxTree plain =
        CelAbstractSyntaxTree.newParsedAst(StructsToMaps.in(parsed.getExpr()), parsed.getSource());
    CelValidationResult result = cel.check(plain);
    return result.getAst();
  }

  /** What is wrong with a condition; empty if nothing is. */
  public Optional<String> problemOf(String condition) {
    return Optional.of(condition(condition).problem()).filter(problem -> !problem.isEmpty());
  }
}
