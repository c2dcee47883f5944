package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Has a server decide, asked by {@code SubjectAccessReview} of {@code authorization.k8s.io/v1}: it
 * allows, denies for good, or has no opinion.
 */
public final class SubjectWebhook implements Authorizer {

  private static final Logger LOG = Logger.getLogger(SubjectWebhook.class);

  private final WebhookConnection server;
  private final Settings settings;
  private final Answers<Decision> answers;

  /**
   * How a webhook is asked.
   *
   * @param allowedLasts how long a yes is good
   * @param otherLasts how long another answer is
   * @param atMost how long it may take
   * @param failureDenies whether nobody gets through where it fails; else it has no opinion then
   * @param conditions what it is asked about
   */
  public record Settings(
      Duration allowedLasts,
      Duration otherLasts,
      Duration atMost,
      boolean failureDenies,
      ReviewConditions conditions) {}

  public SubjectWebhook(WebhookConnection server, Settings settings, InstantSource clock) {
    this.server = server;
    this.settings = settings;
    this.answers = new Answers<>(clock);
  }

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    ObjectNode spec = spec(user, attributes);
    try {
      if (!settings.conditions().hold(spec)) {
        return Decision.deny("");
      }
    } catch (IllegalStateException failed) {
      return failed(failed);
    }
    return answers.of(spec.toString(), () -> ask(spec), this::lasts, this::failed);
  }

  private Duration lasts(Decision decision) {
    return decision.allowed() ? settings.allowedLasts() : settings.otherLasts();
  }

  private CompletableFuture<Decision> ask(ObjectNode spec) {
    ObjectNode review =
        Json.MAPPER
            .createObjectNode()
            .put("apiVersion", "authorization.k8s.io/v1")
            .put("kind", "SubjectAccessReview");
    review.set("spec", spec);
    return server.ask(review, settings.atMost()).thenApply(SubjectWebhook::decision);
  }

  private static Decision decision(JsonNode review) {
    JsonNode status = review.path("status");
    String reason = status.path("reason").asText("");
    if (status.path("allowed").asBoolean()) {
      return Decision.allow(reason);
    }
    return status.path("denied").asBoolean() ? Decision.refuse(reason) : Decision.deny(reason);
  }

  private Decision failed(Throwable failed) {
    LOG.warnf("The authorization webhook at %s fails: %s", server, TokenWebhook.reason(failed));
    return settings.failureDenies()
        ? Decision.refuse("the authorization webhook fails")
        : Decision.deny("");
  }

  private static ObjectNode spec(UserInfo user, Attributes asked) {
    ObjectNode spec = Json.MAPPER.createObjectNode();
    if (asked.isResource()) {
      resource(spec.putObject("resourceAttributes"), asked);
    } else {
      spec.putObject("nonResourceAttributes").put("path", asked.path()).put("verb", asked.verb());
    }
    spec.put("user", user.username());
    user.groups().forEach(spec.putArray("groups")::add);
    put(spec, "uid", user.uid());
    if (!user.extra().isEmpty()) {
      ObjectNode extra = spec.putObject("extra");
      user.extra()
          .forEach((key, values) -> {
            ArrayNode list = extra.putArray(key);
            values.forEach(list::add);
          });
    }
    return spec;
  }

  private static void resource(ObjectNode attributes, Attributes asked) {
    put(attributes, "namespace", asked.namespace());
    put(attributes, "verb", asked.verb());
    put(attributes, "group", asked.group());
    put(attributes, "version", asked.version());
    put(attributes, "resource", asked.resource());
    put(attributes, "subresource", asked.subresource());
    put(attributes, "name", asked.name());
    if (!asked.fields().isEmpty()) {
      ArrayNode terms = attributes.putObject("fieldSelector").putArray("requirements");
      asked
          .fields()
          .forEach((key, value) ->
              terms
                  .addObject()
                  .put("key", key)
                  .put("operator", "In")
                  .putArray("values")
                  .add(value));
    }
  }

  private static void put(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
