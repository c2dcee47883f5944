package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.access.UserRules;
import dev.shiplog.api.access.rbac.PolicyRule;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reviews: objects that carry a question about access and come back with its answer. Nothing of
 * them is kept.
 */
final class ReviewCreations {

  private final ObjectForms forms;
  private final Authentication authentication;
  private final Authorizer authorizer;
  private final List<String> audiences;

  /**
   * Makes them.
   *
   * @param audiences of tokens that are for this server
   */
  ReviewCreations(
      ObjectForms forms,
      Authentication authentication,
      Authorizer authorizer,
      List<String> audiences) {
    this.audiences = audiences;
    this.forms = forms;
    this.authentication = authentication;
    this.authorizer = authorizer;
  }

  /** By plural of the resource. */
  Map<String, Creation> byPlural() {
    return Map.of(
        "selfsubjectaccessreviews", request -> answer(request, this::selfAccess),
        "subjectaccessreviews", request -> answer(request, (asked, review) -> access(review)),
        "localsubjectaccessreviews", request -> answer(request, this::localAccess),
        "selfsubjectrulesreviews", request -> answer(request, this::rules),
        "selfsubjectreviews", request -> answer(request, this::self),
        "tokenreviews", request -> answer(request, (asked, review) -> token(review)));
  }

  private interface Review {
    void fill(ApiRequest.Create request, ObjectNode review);
  }

  private CompletableFuture<Answer> answer(ApiRequest.Create request, Review review) {
    Decoded decoded =
        forms.decode(
            request.body(),
            Target.of(request.target().type()),
            request.options().fieldValidation());
    return filled(request, decoded, review);
  }

  /** Another server may have to be asked first, as often as there are audiences. */
  private static CompletableFuture<Answer> filled(
      ApiRequest.Create request, Decoded decoded, Review review) {
    try {
      review.fill(request, decoded.object());
      return CompletableFuture.completedFuture(
          new Answer.Made(201, decoded.object(), 0, decoded.warnings()));
    } catch (PendingAnswer pending) {
      return pending.answered().thenCompose(none -> filled(request, decoded, review));
    }
  }

  private void selfAccess(ApiRequest.Create request, ObjectNode review) {
    decide(review, request.caller().user());
  }

  private void access(ObjectNode review) {
    JsonNode spec = review.path("spec");
    if (spec.path("user").asText("").isEmpty() && spec.path("groups").isEmpty()) {
      throw invalid(
          review,
          "spec.user",
          "Invalid value: \"\": at least one of user or group must be specified");
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra").properties().forEach(e -> extra.put(e.getKey(), texts(e.getValue())));
    decide(
        review,
        new UserInfo(
            spec.path("user").asText(""),
            spec.path("uid").asText(""),
            texts(spec.path("groups")),
            extra));
  }

  private void localAccess(ApiRequest.Create request, ObjectNode review) {
    JsonNode spec = review.path("spec");
    if (spec.has("nonResourceAttributes")) {
      throw invalid(
          review, "spec.nonResourceAttributes", "Forbidden: disallowed on this kind of request");
    }
    if (!text(spec.path("resourceAttributes"), "namespace").equals(request.target().namespace())) {
      throw Failures.badRequest("spec.resourceAttributes.namespace must match metadata.namespace");
    }
    access(review);
  }

  private void decide(ObjectNode review, UserInfo user) {
    Attributes attributes = attributes(review);
    Decision decision = authorizer.authorize(user, attributes);
    ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
  }

  private static Attributes attributes(ObjectNode review) {
    JsonNode spec = review.path("spec");
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw invalid(
          review,
          "spec.resourceAttributes",
          "Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be"
              + " specified");
    }
    return path.isObject()
        ? Attributes.ofPath(text(path, "verb"), text(path, "path"))
        : new Attributes(
            text(resource, "verb"),
            text(resource, "group"),
            text(resource, "version"),
            text(resource, "resource"),
            text(resource, "subresource"),
            text(resource, "namespace"),
            text(resource, "name"),
            "",
            demanded(resource.path("fieldSelector")));
  }

  /** What a selector demands to be equal; a raw one is read as in a query. */
  private static Map<String, String> demanded(JsonNode selector) {
    String raw = text(selector, "rawSelector");
    if (!raw.isEmpty()) {
      return FieldSelector.parse(raw).demanded();
    }
    Map<String, String> demanded = new LinkedHashMap<>();
    for (JsonNode term : selector.path("requirements")) {
      if (text(term, "operator").equals("In") && term.path("values").size() == 1) {
        demanded.put(text(term, "key"), term.path("values").get(0).asText());
      }
    }
    return demanded;
  }

  private static ApiFailure invalid(ObjectNode review, String field, String why) {
    String version = text(review, "apiVersion");
    int slash = version.indexOf('/');
    return Failures.invalid(
        slash < 0 ? "" : version.substring(0, slash),
        text(review, "kind"),
        "",
        List.of(new StatusCause("FieldValueInvalid", why, field)));
  }

  private void rules(ApiRequest.Create request, ObjectNode review) {
    String namespace = text(review.path("spec"), "namespace");
    if (namespace.isEmpty()) {
      throw Failures.badRequest("no namespace on request");
    }
    UserRules known = authorizer.rules(request.caller().user(), namespace);
    ObjectNode status = review.putObject("status");
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (PolicyRule rule : known.rules()) {
      if (!rule.resources().isEmpty()) {
        resources.add(rule.tree());
      }
      if (!rule.nonResourceUrls().isEmpty()) {
        paths.add(rule.tree());
      }
    }
    status.put("incomplete", !known.incomplete().isEmpty());
    if (!known.incomplete().isEmpty()) {
      status.put("evaluationError", known.incomplete());
    }
  }

  private void self(ApiRequest.Create request, ObjectNode review) {
    review.putObject("status").set("userInfo", tree(review, request.caller().user()));
  }

  private void token(ObjectNode review) {
    String token = text(review.path("spec"), "token");
    ObjectNode status = review.putObject("status");
    if (token.isEmpty()) {
      throw invalid(review, "spec.token", "Required value");
    }
    List<String> named = texts(review.path("spec").path("audiences"));
    UserInfo user = null;
    List<String> matching = new ArrayList<>();
    for (String audience : named.isEmpty() ? audiences : named) {
      Optional<UserInfo> known =
          known(
              audiences.contains(audience)
                  ? Credentials.ofToken(token)
                  : Credentials.ofToken(token, audience));
      if (known.isPresent()) {
        user = known.get();
        matching.add(audience);
      }
    }
    if (user == null) {
      status.put("authenticated", false).put("error", "invalid bearer token");
      return;
    }
    status.put("authenticated", true).set("user", tree(review, user));
    matching.forEach(status.putArray("audiences")::add);
  }

  private Optional<UserInfo> known(Credentials credentials) {
    try {
      return Optional.of(authentication.authenticate(credentials));
    } catch (ApiFailure unknown) {
      return Optional.empty();
    }
  }

  private static ObjectNode tree(ObjectNode nodes, UserInfo user) {
    ObjectNode tree = nodes.objectNode().put("username", user.username());
    if (!user.uid().isEmpty()) {
      tree.put("uid", user.uid());
    }
    ArrayNode groups = tree.putArray("groups");
    user.groups().forEach(groups::add);
    if (!user.extra().isEmpty()) {
      ObjectNode extra = tree.putObject("extra");
      user.extra()
          .forEach((name, values) ->
              values.forEach(
                  extra.withArray("/" + name.replace("~", "~0").replace("/", "~1"))::add));
    }
    return tree;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asText("");
  }
}
