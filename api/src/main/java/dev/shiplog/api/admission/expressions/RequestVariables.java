package dev.shiplog.api.admission.expressions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.NullValue;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.expressions.AuthorizerLibrary.Question;
import dev.shiplog.api.admission.matching.Shown;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CelValues;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import java.util.HashMap;
import java.util.Map;

/** What expressions see of a request. */
public final class RequestVariables {

  private RequestVariables() {}

  /** The variables that every expression has, about the request as it is now. */
  public static Map<String, Object> of(
      AdmissionRequest request, ResourceType type, Authorizer authorizer) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("object", value(Shown.object(request, type)));
    variables.put("oldObject", value(Shown.before(request, type)));
    variables.put("request", value(Shown.request(request, type)));
    Question question = new Question(authorizer, request.caller().user(), Map.of());
    variables.put("authorizer", question);
    variables.put(
        "authorizer.requestResource",
        question
            .with("group", type.group())
            .with("resource", type.plural())
            .with("subresource", request.target().subresource())
            .with("namespace", request.target().namespace())
            .with("name", request.target().name()));
    return variables;
  }

  /** The namespace of the request; null where there is none. */
  public static Object namespace(AdmissionRequest request) {
    ObjectKey key = new ObjectKey(NamespaceRule.NAMESPACES, "", request.target().namespace());
    return request.target().type().namespaced()
        ? request
            .state()
            .get(key)
            .map(StoredObject::tree)
            .map(RequestVariables::value)
            .orElse(NullValue.NULL_VALUE)
        : NullValue.NULL_VALUE;
  }

  /** An object as expressions see it; null is CEL's null. */
  public static Object value(ObjectNode object) {
    return object == null ? NullValue.NULL_VALUE : CelValues.of(object);
  }
}
