package dev.shiplog.api.access.oidc;

import dev.cel.bundle.Cel;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.shiplog.api.schema.custom.CelLibrary;
import java.util.Map;

/** Compiles expressions over {@code claims} and {@code user}. Any thread. */
final class ClaimExpressions {

  private static final CelType CLAIMS = MapType.create(SimpleType.STRING, SimpleType.DYN);

  private static final Cel OF_CLAIMS = CelLibrary.builder().addVar("claims", CLAIMS).build();
  private static final Cel OF_USERS = CelLibrary.builder().addVar("user", CLAIMS).build();

  private ClaimExpressions() {}

  /** An expression that was compiled. */
  record Compiled(String text, String variable, Program program) {

    /**
     * Its value.
     *
     * @throws NotAcceptedException if it has none for these
     */
    Object of(Map<String, ?> value) {
      try {
        return program.eval(Map.of(variable, value));
      } catch (CelEvaluationException | IllegalArgumentException | ArithmeticException e) {
        throw new NotAcceptedException("expression '" + text + "' failed: " + e.getMessage());
      }
    }

    boolean holds(Map<String, ?> value) {
      return Boolean.TRUE.equals(of(value));
    }
  }

  /** A condition on claims. */
  static Compiled claimRule(String text) {
    return compile(OF_CLAIMS, "claims", text, SimpleType.BOOL);
  }

  /** A condition on the user. */
  static Compiled userRule(String text) {
    return compile(OF_USERS, "user", text, SimpleType.BOOL);
  }

  /** A text made of claims. */
  static Compiled text(String text) {
    return compile(OF_CLAIMS, "claims", text, SimpleType.STRING);
  }

  /** A text or several, made of claims. */
  static Compiled texts(String text) {
    return compile(
        OF_CLAIMS, "claims", text, SimpleType.STRING, ListType.create(SimpleType.STRING));
  }

  private static Compiled compile(Cel cel, String variable, String text, CelType... allowed) {
    try {
      var checked = cel.compile(text).getAst();
      CelType type = checked.getResultType();
      boolean fits = type.equals(SimpleType.DYN) || type.equals(ListType.create(SimpleType.DYN));
      for (CelType one : allowed) {
        fits |= type.equals(one);
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "expression '%s' must give %s, not %s".formatted(text, allowed[0].name(), type.name()));
      }
      return new Compiled(text, variable, cel.createProgram(checked));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalArgumentException("expression '" + text + "': " + e.getMessage(), e);
    }
  }
}
