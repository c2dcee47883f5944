package dev.shiplog.api.admission.matching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.selector.LabelSelector;
import dev.shiplog.api.selector.StructuredSelectors;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests a webhook or policy is asked about. Immutable; any thread.
 *
 * @param rules one must match
 * @param excluded none may match
 * @param equivalent whether a rule for one version of a resource stands for all
 * @param everything whether no rules mean that everything matches
 */
public record Matching(
    List<Rule> rules,
    List<Rule> excluded,
    LabelSelector namespaces,
    LabelSelector objects,
    boolean equivalent,
    boolean everything) {

  private static final String OWN_GROUP = "admissionregistration.k8s.io";

  /** That of a webhook. */
  public static Matching ofWebhook(JsonNode webhook) {
    return of(webhook, "rules", false);
  }

  /** That of a policy ({@code matchConstraints}). */
  public static Matching ofPolicy(JsonNode constraints) {
    return of(constraints, "resourceRules", false);
  }

  /** That of a policy's binding ({@code matchResources}), which only narrows its policy. */
  public static Matching ofBinding(JsonNode resources) {
    return of(resources, "resourceRules", true);
  }

  private static Matching of(JsonNode object, String rules, boolean everything) {
    return new Matching(
        Rule.all(object, rules),
        Rule.all(object, "excludeResourceRules"),
        StructuredSelectors.read(object.path("namespaceSelector")),
        StructuredSelectors.read(object.path("objectSelector")),
        !Trees.text(object, "matchPolicy").equals("Exact"),
        everything);
  }

  /**
   * The form of the resource in which the request is to be shown.
   *
   * @return empty if the request does not match
   */
  public Optional<ResourceType> match(AdmissionRequest request, ResourceCatalogue catalogue) {
    if (isAboutAdmission(request)) {
      return Optional.empty();
    }
    Optional<ResourceType> type =
        rules.isEmpty() && everything
            ? Optional.of(request.target().type())
            : matched(rules, request, catalogue);
    boolean matches =
        type.isPresent()
            && (excluded.isEmpty() || matched(excluded, request, catalogue).isEmpty())
            && matchesNamespace(request)
            && matchesObject(request);
    return matches ? type : Optional.empty();
  }

  /** What decides over requests cannot be locked in by its own kind. */
  private static boolean isAboutAdmission(AdmissionRequest request) {
    return request.target().type().group().equals(OWN_GROUP);
  }

  private Optional<ResourceType> matched(
      List<Rule> among, AdmissionRequest request, ResourceCatalogue catalogue) {
    for (Rule rule : among) {
      if (rule.matchesOperation(request.operation()) && rule.matchesName(request.target().name())) {
        Optional<ResourceType> type = matched(rule, request, catalogue);
        if (type.isPresent()) {
          return type;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ResourceType> matched(
      Rule rule, AdmissionRequest request, ResourceCatalogue catalogue) {
    ResourceType asked = request.target().type();
    String subresource = request.target().subresource();
    if (rule.matches(asked, subresource)) {
      return Optional.of(asked);
    }
    if (!equivalent) {
      return Optional.empty();
    }
    for (ResourceType other : catalogue.formsOf(asked)) {
      if (rule.matches(other, subresource)) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  private boolean matchesNamespace(AdmissionRequest request) {
    if (namespaces.isEverything()) {
      return true;
    }
    if (request.target().type().qualifiedName().equals("namespaces")) {
      return namespaces.matches(labels(either(request)));
    }
    if (!request.target().type().namespaced()) {
      return true;
    }
    ObjectKey key = new ObjectKey(NamespaceRule.NAMESPACES, "", request.target().namespace());
    return namespaces.matches(request.state().get(key).map(StoredObject::labels).orElse(Map.of()));
  }

  private boolean matchesObject(AdmissionRequest request) {
    return objects.isEverything()
        || (request.object() != null && objects.matches(labels(request.object())))
        || (request.before() != null && objects.matches(labels(request.before())));
  }

  private static ObjectNode either(AdmissionRequest request) {
    return request.object() == null ? request.before() : request.object();
  }

  private static Map<String, String> labels(ObjectNode object) {
    return Trees.map(object, "metadata", "labels");
  }
}
