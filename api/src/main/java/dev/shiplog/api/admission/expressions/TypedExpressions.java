package dev.shiplog.api.admission.expressions;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.shiplog.api.schema.custom.ExpressionTypes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The expressions of a policy where the type of its objects is known, to find out what is wrong
 * with them; they are not evaluated. One thread.
 */
public final class TypedExpressions {

  private static final String VARIABLES = "kubernetes.PolicyVariables";
  private static final String NAMESPACE = "io.k8s.api.core.v1.Namespace";

  private final CelType object;
  private final CelType params;
  private final Map<String, CelType> variables = new LinkedHashMap<>();
  private Expressions known;

  /**
   * Expressions about objects of a type.
   *
   * @param params the type of the policy's parameters
   */
  public TypedExpressions(CelType object, CelType params) {
    this.object = object;
    this.params = params;
    this.known = expressions();
  }

  /** Adds a variable that expressions after it may use; one that is wrong may be anything. */
  public void define(String name, String expression) {
    variables.put(name, known.typeOf(expression).orElse(SimpleType.DYN));
    known = expressions();
  }

  public Expression condition(String text) {
    return known.condition(text);
  }

  public Expression text(String text) {
    return known.text(text);
  }

  private Expressions expressions() {
    Map<String, CelType> declared = new LinkedHashMap<>();
    declared.put("object", object);
    declared.put("oldObject", object);
    declared.put("params", params);
    declared.put("namespaceObject", StructTypeReference.create(NAMESPACE));
    declared.put("variables", StructTypeReference.create(VARIABLES));
    Map<String, CelType> types = new LinkedHashMap<>();
    types.put(VARIABLES, ExpressionTypes.struct(VARIABLES, variables));
    for (CelType type : new CelType[] {object, params}) {
      types.putIfAbsent(type.name(), type);
    }
    types.values().removeIf(type -> type instanceof StructTypeReference);
    return Expressions.typed(declared, ExpressionTypes.provider(types));
  }
}
