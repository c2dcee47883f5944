package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reviews: objects that carry a question about access and come back with its answer. Nothing of
 * them is kept.
 */
final class ReviewCreations {

  private final ObjectForms forms;
  private final Authentication authentication;
  private final Authorizer authorizer;

  ReviewCreations(ObjectForms forms, Authentication authentication, Authorizer authorizer) {
    this.forms = forms;
    this.authentication = authentication;
    this.authorizer = authorizer;
  }

  /** By plural of the resource. */
  Map<String, Creation> byPlural() {
    return Map.of(
        "selfsubjectaccessreviews", request -> answer(request, this::selfAccess),
        "subjectaccessreviews", request -> answer(request, this::access),
        "localsubjectaccessreviews", request -> answer(request, this::access),
        "selfsubjectrulesreviews", request -> answer(request, this::rules),
        "selfsubjectreviews", request -> answer(request, this::self),
        "tokenreviews", request -> answer(request, this::token));
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
    review.fill(request, decoded.object());
    return CompletableFuture.completedFuture(
        new Answer.Made(201, decoded.object(), 0, decoded.warnings()));
  }

  private void selfAccess(ApiRequest.Create request, ObjectNode review) {
    decide(request, review, request.caller().user());
  }

  private void access(ApiRequest.Create request, ObjectNode review) {
    JsonNode spec = review.path("spec");
    if (spec.path("user").asText("").isEmpty() && spec.path("groups").isEmpty()) {
      throw Failures.badRequest("spec.user or spec.groups must be set");
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra").properties().forEach(e -> extra.put(e.getKey(), texts(e.getValue())));
    decide(
        request,
        review,
        new UserInfo(
            spec.path("user").asText(""),
            spec.path("uid").asText(""),
            texts(spec.path("groups")),
            extra));
  }

  private void decide(ApiRequest.Create request, ObjectNode review, UserInfo user) {
    Attributes attributes = attributes(review.path("spec"), request.target().namespace());
    Decision decision = authorizer.authorize(user, attributes);
    ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
  }

  private static Attributes attributes(JsonNode spec, String namespace) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw Failures.badRequest(
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    return path.isObject()
        ? Attributes.ofPath(text(path, "verb"), text(path, "path"))
        : new Attributes(
            text(resource, "verb"),
            text(resource, "group"),
            text(resource, "version"),
            text(resource, "resource"),
            text(resource, "subresource"),
            namespace.isEmpty() ? text(resource, "namespace") : namespace,
            text(resource, "name"),
            "");
  }

  /** As far as rules can be told: an authorizer without rules is asked about everything at once. */
  private void rules(ApiRequest.Create request, ObjectNode review) {
    String namespace = text(review.path("spec"), "namespace");
    ObjectNode status = review.putObject("status");
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    UserInfo user = request.caller().user();
    Attributes everything = new Attributes("*", "*", "*", "*", "", namespace, "", "");
    boolean all = authorizer.authorize(user, everything).allowed();
    if (all) {
      ObjectNode rule = resources.addObject();
      rule.putArray("verbs").add("*");
      rule.putArray("apiGroups").add("*");
      rule.putArray("resources").add("*");
    }
    if (authorizer.authorize(user, Attributes.ofPath("get", "/api")).allowed()) {
      ObjectNode rule = paths.addObject();
      rule.putArray("verbs").add(all ? "*" : "get");
      rule.putArray("nonResourceURLs").add("*");
    }
    status.put("incomplete", !all);
  }

  private void self(ApiRequest.Create request, ObjectNode review) {
    review.putObject("status").set("userInfo", tree(review, request.caller().user()));
  }

  private void token(ApiRequest.Create request, ObjectNode review) {
    String token = text(review.path("spec"), "token");
    ObjectNode status = review.putObject("status");
    try {
      UserInfo user = authentication.authenticate(Credentials.ofToken(token));
      status.put("authenticated", true);
      status.set("user", tree(review, user));
      if (!review.path("spec").path("audiences").isEmpty()) {
        status.set("audiences", review.path("spec").get("audiences"));
      }
    } catch (ApiFailure unknown) {
      status.put("authenticated", false).put("error", "invalid bearer token");
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
