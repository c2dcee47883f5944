package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.NullValue;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.expressions.Expression;
import dev.shiplog.api.admission.expressions.RequestVariables;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CelValues;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the expressions of a policy see for one request and one parameter. One thread. */
final class Evaluation {

  private Evaluation() {}

  /**
   * The variables.
   *
   * @param parameter null for none
   */
  static Map<String, Object> of(
      AdmissionRequest request,
      ResourceType type,
      Authorizer authorizer,
      Policy policy,
      ObjectNode parameter) {
    Map<String, Object> variables = new HashMap<>(RequestVariables.of(request, type, authorizer));
    variables.put("namespaceObject", RequestVariables.namespace(request));
    variables.put("params", parameter == null ? NullValue.NULL_VALUE : CelValues.of(parameter));
    variables.put("variables", new Composed(policy.variables(), variables));
    return variables;
  }

  /**
   * The variables that a policy composes: each is evaluated when it is first asked for, and may use
   * those before it.
   */
  private static final class Composed extends AbstractMap<String, Object> {

    private final Map<String, Expression> expressions;
    private final Map<String, Object> around;
    private final Map<String, Object> values = new HashMap<>();

    Composed(Map<String, Expression> expressions, Map<String, Object> around) {
      this.expressions = expressions;
      this.around = around;
    }

    @Override
    public boolean containsKey(Object name) {
      return name instanceof String text && expressions.containsKey(text);
    }

    @Override
    public Object get(Object name) {
      if (!containsKey(name)) {
        return null;
      }
      Object known = values.get(name);
      if (known == null) {
        known = expressions.get(name).value(around);
        values.put((String) name, known);
      }
      return known;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      Map<String, Object> all = new HashMap<>();
      expressions.keySet().forEach(name -> all.put(name, get(name)));
      return all.entrySet();
    }
  }
}
