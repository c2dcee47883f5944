package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is asked before an object is admitted: webhooks and policies. */
final class AdmissionRules {

  private static final List<String> FAILURE = List.of("Fail", "Ignore");
  private static final List<String> MATCH = List.of("Equivalent", "Exact");
  private static final List<String> REINVOCATION = List.of("IfNeeded", "Never");
  private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
  private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
  private static final List<String> OPERATIONS =
      List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
  private static final List<String> ACTIONS = List.of("Audit", "Deny", "Warn");

  private static final List<String> REFUSALS =
      List.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");
  private static final List<String> PATCHES = List.of("ApplyConfiguration", "JSONPatch");
  private static final List<String> NOT_FOUND = List.of("Allow", "Deny");

  /** Versions of a review that this API can send. */
  private static final List<String> REVIEWS = List.of("v1", "v1beta1");

  private AdmissionRules() {}

  static void register(KindTable table) {
    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      table.kind(
          "admissionregistration.v1." + kind, rules -> rules.always(AdmissionRules::webhooks));
    }
    for (String kind : List.of("MutatingAdmissionPolicy", "ValidatingAdmissionPolicy")) {
      table.kind("admissionregistration.v1." + kind, rules -> rules.always(AdmissionRules::policy));
    }
    for (String kind :
        List.of("MutatingAdmissionPolicyBinding", "ValidatingAdmissionPolicyBinding")) {
      table.kind(
          "admissionregistration.v1." + kind, rules -> rules.always(AdmissionRules::binding));
    }
  }

  private static void webhooks(ObjectNode configuration, Causes causes) {
    FieldPath list = FieldPath.of("webhooks");
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode webhook : objects(configuration, "webhooks")) {
      FieldPath path = list.index(i++);
      if (!names.add(text(webhook, "name"))) {
        causes.duplicate(path.child("name"), text(webhook, "name"));
      }
      webhook(webhook, path, causes);
    }
  }

  private static void webhook(ObjectNode webhook, FieldPath path, Causes causes) {
    qualified(text(webhook, "name"), path.child("name"), causes);
    new Checks(webhook, path, causes)
        .oneOf("failurePolicy", FAILURE)
        .oneOf("matchPolicy", MATCH)
        .oneOf("reinvocationPolicy", REINVOCATION)
        .required("sideEffects")
        .oneOf("sideEffects", SIDE_EFFECTS)
        .range("timeoutSeconds", 1, 30, "the timeout value must be between 1 and 30 seconds");
    reviews(webhook, path.child("admissionReviewVersions"), causes);
    client(webhook, path.child("clientConfig"), causes);
    matching(webhook, path, "rules", causes);
    selectors(webhook, path, causes);
    conditions(webhook, path, causes);
  }

  private static void qualified(String name, FieldPath path, Causes causes) {
    if (name.isEmpty()) {
      causes.required(path);
      return;
    }
    Checks.name(path, name, Names::subdomain, causes);
    if (name.split("\\.").length < 3) {
      causes.invalid(
          path, name, "should be a domain with at least three segments separated by dots");
    }
  }

  private static void reviews(ObjectNode webhook, FieldPath path, Causes causes) {
    List<String> versions = texts(webhook, "admissionReviewVersions");
    if (versions.isEmpty()) {
      causes.required(path, "must specify one of v1, v1beta1");
    } else if (versions.stream().noneMatch(REVIEWS::contains)) {
      causes.invalid(
          path, at(webhook, "admissionReviewVersions"), "must include at least one of v1, v1beta1");
    }
    for (int i = 0; i < versions.size(); i++) {
      Checks.name(path.index(i), versions.get(i), Names::label1035, causes);
      if (versions.indexOf(versions.get(i)) < i) {
        causes.invalid(path.index(i), versions.get(i), "duplicate version");
      }
    }
  }

  private static void client(ObjectNode webhook, FieldPath path, Causes causes) {
    if (!(at(webhook, "clientConfig") instanceof ObjectNode client)) {
      return;
    }
    boolean url = !absent(client, "url");
    if (url == !absent(client, "service")) {
      causes.required(path, "exactly one of url or service is required");
    } else if (url) {
      address(text(client, "url"), path.child("url"), causes);
    } else if (at(client, "service") instanceof ObjectNode service) {
      new Checks(service, path.child("service"), causes)
          .required("name")
          .required("namespace")
          .port("port");
      String request = text(service, "path");
      if (!request.isEmpty() && !request.startsWith("/")) {
        causes.invalid(
            path.child("service", "path"), request, "request path must start with a '/'");
      }
    }
  }

  static void address(String url, FieldPath path, Causes causes) {
    try {
      URI uri = new URI(url);
      if (!"https".equals(uri.getScheme())) {
        causes.invalid(path, url, "'https' is the only allowed URL scheme");
      }
      if (uri.getHost() == null) {
        causes.invalid(path, url, "host must be specified");
      }
      if (uri.getUserInfo() != null) {
        causes.invalid(path, url, "user information is not permitted in the URL");
      }
      if (uri.getFragment() != null || uri.getQuery() != null) {
        causes.invalid(path, url, "fragments and query parameters are not permitted in the URL");
      }
    } catch (URISyntaxException e) {
      causes.invalid(path, url, "url must be a valid URL: " + e.getMessage());
    }
  }

  /** Which requests it is asked about. */
  private static void matching(ObjectNode object, FieldPath path, String field, Causes causes) {
    int i = 0;
    for (ObjectNode rule : objects(object, field)) {
      FieldPath place = path.child(field).index(i++);
      new Checks(rule, place, causes)
          .required("operations")
          .required("apiGroups")
          .required("apiVersions")
          .required("resources")
          .oneOf("scope", SCOPES);
      List<String> operations = texts(rule, "operations");
      for (int j = 0; j < operations.size(); j++) {
        if (!OPERATIONS.contains(operations.get(j))) {
          causes.notSupported(place.child("operations").index(j), operations.get(j), OPERATIONS);
        }
      }
      for (String all : List.of("operations", "apiGroups", "apiVersions")) {
        List<String> values = texts(rule, all);
        if (values.size() > 1 && values.contains("*")) {
          causes.invalid(
              place.child(all),
              at(rule, all),
              "if '*' is present, must not specify other "
                  + (all.equals("operations")
                      ? all
                      : all.equals("apiGroups") ? "API groups" : "API versions"));
        }
      }
    }
  }

  private static void selectors(ObjectNode object, FieldPath path, Causes causes) {
    for (String field : List.of("namespaceSelector", "objectSelector")) {
      Selectors.validate(at(object, field), path.child(field), causes);
    }
  }

  private static void conditions(ObjectNode object, FieldPath path, Causes causes) {
    FieldPath list = path.child("matchConditions");
    new Checks(object, path, causes).maxItems("matchConditions", 64);
    Checks.unique(at(object, "matchConditions"), list, "name", causes);
    int i = 0;
    for (ObjectNode condition : objects(object, "matchConditions")) {
      new Checks(condition, list.index(i++), causes)
          .required("name")
          .name("name", Names::qualified)
          .required("expression");
    }
  }

  private static void policy(ObjectNode policy, Causes causes) {
    FieldPath path = FieldPath.of("spec");
    if (!(policy.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, path, causes).oneOf("failurePolicy", FAILURE);
    if (at(spec, "paramKind") instanceof ObjectNode kind) {
      new Checks(kind, path.child("paramKind"), causes).required("apiVersion").required("kind");
    }
    FieldPath matched = path.child("matchConstraints");
    if (!(at(spec, "matchConstraints") instanceof ObjectNode constraints)) {
      causes.required(matched);
    } else {
      new Checks(constraints, matched, causes)
          .required("resourceRules")
          .oneOf("matchPolicy", MATCH);
      matching(constraints, matched, "resourceRules", causes);
      matching(constraints, matched, "excludeResourceRules", causes);
      selectors(constraints, matched, causes);
    }
    conditions(spec, path, causes);
    boolean validating = text(policy, "kind").equals("ValidatingAdmissionPolicy");
    if (validating && empty(spec, "validations") && empty(spec, "auditAnnotations")) {
      causes.required(
          path.child("validations"),
          "validations or auditAnnotations must contain at least one item");
    }
    int i = 0;
    for (ObjectNode validation : objects(spec, "validations")) {
      new Checks(validation, path.child("validations").index(i++), causes)
          .required("expression")
          .oneOf("reason", REFUSALS);
    }
    named(spec, path, causes);
    if (!validating) {
      mutations(spec, path, causes);
    }
  }

  /** Names that expressions can use, and keys that stand in the audit. */
  private static void named(ObjectNode spec, FieldPath path, Causes causes) {
    Checks.unique(at(spec, "variables"), path.child("variables"), "name", causes);
    int i = 0;
    for (ObjectNode variable : objects(spec, "variables")) {
      new Checks(variable, path.child("variables").index(i++), causes)
          .required("name")
          .name("name", Names::identifier)
          .required("expression");
    }
    Checks.unique(at(spec, "auditAnnotations"), path.child("auditAnnotations"), "key", causes);
    i = 0;
    for (ObjectNode annotation : objects(spec, "auditAnnotations")) {
      new Checks(annotation, path.child("auditAnnotations").index(i++), causes)
          .required("key")
          .name("key", Names::qualified)
          .required("valueExpression");
    }
  }

  private static void mutations(ObjectNode spec, FieldPath path, Causes causes) {
    new Checks(spec, path, causes)
        .required("mutations")
        .required("reinvocationPolicy")
        .oneOf("reinvocationPolicy", REINVOCATION);
    int i = 0;
    for (ObjectNode mutation : objects(spec, "mutations")) {
      FieldPath item = path.child("mutations").index(i++);
      String type = text(mutation, "patchType");
      String own = type.equals("JSONPatch") ? "jsonPatch" : "applyConfiguration";
      String other = type.equals("JSONPatch") ? "applyConfiguration" : "jsonPatch";
      if (type.isEmpty()) {
        causes.required(item.child("patchType"));
      } else if (!PATCHES.contains(type)) {
        causes.notSupported(item.child("patchType"), type, PATCHES);
      } else if (absent(mutation, own)) {
        causes.required(item.child(own), "must be specified when patchType is " + type);
      } else if (!absent(mutation, other)) {
        causes.invalid(
            item.child(other), at(mutation, other), "must not be specified with patchType " + type);
      }
    }
  }

  private static void binding(ObjectNode binding, Causes causes) {
    FieldPath path = FieldPath.of("spec");
    if (!(binding.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    new Checks(spec, path, causes).required("policyName").name("policyName", Names::subdomain);
    parameters(spec, path.child("paramRef"), causes);
    if (text(binding, "kind").equals("ValidatingAdmissionPolicyBinding")) {
      actions(spec, path, causes);
    }
  }

  private static void parameters(ObjectNode spec, FieldPath path, Causes causes) {
    if (!(spec.get("paramRef") instanceof ObjectNode parameters)) {
      return;
    }
    boolean named = !empty(parameters, "name");
    boolean selected = !absent(parameters, "selector");
    if (named && selected) {
      causes.forbidden(path.child("name"), "name and selector are mutually exclusive");
    } else if (!named && !selected) {
      causes.required(path, "one of name or selector must be specified");
    }
    new Checks(parameters, path, causes)
        .required("parameterNotFoundAction")
        .oneOf("parameterNotFoundAction", NOT_FOUND);
    Selectors.validate(at(parameters, "selector"), path.child("selector"), causes);
  }

  private static void actions(ObjectNode spec, FieldPath path, Causes causes) {
    new Checks(spec, path, causes).required("validationActions");
    List<String> actions = texts(spec, "validationActions");
    for (int i = 0; i < actions.size(); i++) {
      if (!ACTIONS.contains(actions.get(i))) {
        causes.notSupported(path.child("validationActions").index(i), actions.get(i), ACTIONS);
      }
      if (actions.indexOf(actions.get(i)) < i) {
        causes.duplicate(path.child("validationActions").index(i), actions.get(i));
      }
    }
    if (actions.contains("Deny") && actions.contains("Warn")) {
      causes.invalid(
          path.child("validationActions"),
          at(spec, "validationActions"),
          "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
    }
  }
}
