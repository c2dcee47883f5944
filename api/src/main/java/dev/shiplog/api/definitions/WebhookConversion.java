package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.custom.VersionConverter;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.record.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Conversion by the webhook that a definition names. It waits for the webhook's answer, so it must
 * not be called where others would wait too.
 */
final class WebhookConversion implements VersionConverter {

  private static final String REVIEW = "apiextensions.k8s.io/v1";
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  /** What a webhook may change of metadata; all else identifies the object, or is the server's. */
  private static final Set<String> CHANGEABLE_METADATA = Set.of("labels", "annotations");

  private final JsonNode clientConfig;
  private final String kind;
  private final Webhooks webhooks;
  private final Supplier<Snapshot> state;

  /**
   * Makes a conversion.
   *
   * @param webhook {@code spec.conversion.webhook} of the definition
   */
  WebhookConversion(JsonNode webhook, String kind, Webhooks webhooks, Supplier<Snapshot> state) {
    this.clientConfig = webhook.path("clientConfig");
    this.kind = kind;
    this.webhooks = webhooks;
    this.state = state;
  }

  @Override
  public List<ObjectNode> convert(List<ObjectNode> objects, GroupVersion to) {
    List<ObjectNode> asked =
        objects.stream().filter(one -> !version(one).equals(to.apiVersion())).toList();
    if (asked.isEmpty()) {
      return objects;
    }
    List<ObjectNode> converted;
    try {
      converted = answer(asked, to);
    } catch (CompletionException | ApiFailure failed) {
      Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
      throw failure(asked.getFirst(), cause.getMessage());
    }
    List<ObjectNode> result = new ArrayList<>(objects.size());
    int next = 0;
    for (ObjectNode object : objects) {
      result.add(version(object).equals(to.apiVersion()) ? object : converted.get(next++));
    }
    return result;
  }

  private List<ObjectNode> answer(List<ObjectNode> asked, GroupVersion to) {
    String uid = UUID.randomUUID().toString();
    JsonNode response =
        webhooks
            .call(Remote.of(clientConfig, state.get()), review(uid, asked, to), AT_MOST)
            .join()
            .path("response");
    if (!Trees.text(response, "uid").equals(uid)) {
      throw Failures.internal("expected response.uid=\"%s\"".formatted(uid));
    }
    JsonNode result = response.path("result");
    if (!Trees.text(result, "status").equals("Success")) {
      throw Failures.internal(Trees.text(result, "message"));
    }
    JsonNode objects = response.path("convertedObjects");
    if (objects.size() != asked.size()) {
      throw Failures.internal(
          "webhook returned %d objects, expected %d".formatted(objects.size(), asked.size()));
    }
    List<ObjectNode> converted = new ArrayList<>(asked.size());
    for (int i = 0; i < asked.size(); i++) {
      converted.add(checked(asked.get(i), objects.get(i), to));
    }
    return converted;
  }

  private static ObjectNode review(String uid, List<ObjectNode> asked, GroupVersion to) {
    ObjectNode review = Json.MAPPER.createObjectNode();
    review.put("kind", "ConversionReview").put("apiVersion", REVIEW);
    ObjectNode request = review.putObject("request");
    request.put("uid", uid).put("desiredAPIVersion", to.apiVersion());
    ArrayNode objects = request.putArray("objects");
    asked.forEach(objects::add);
    return review;
  }

  private static ObjectNode checked(ObjectNode before, JsonNode answered, GroupVersion to) {
    if (!(answered instanceof ObjectNode after)) {
      throw Failures.internal("webhook returned something that is no object");
    }
    if (!version(after).equals(to.apiVersion())) {
      throw Failures.internal(
          "invalid groupVersion (expected %s, received %s)".formatted(to, version(after)));
    }
    if (!Trees.text(after, "kind").equals(Trees.text(before, "kind"))) {
      throw Failures.internal(
          "invalid kind (expected %s, received %s)"
              .formatted(Trees.text(before, "kind"), Trees.text(after, "kind")));
    }
    return withMetadata(before, after);
  }

  /** Everything but labels and annotations stays as it was, whatever the webhook says. */
  private static ObjectNode withMetadata(ObjectNode before, ObjectNode after) {
    ObjectNode metadata = Meta.of(before).deepCopy();
    JsonNode answered = after.path("metadata");
    for (String field : CHANGEABLE_METADATA) {
      if (answered.hasNonNull(field)) {
        metadata.set(field, answered.get(field));
      } else {
        metadata.remove(field);
      }
    }
    for (String field : List.of("name", "namespace", "uid")) {
      if (!Trees.text(answered, field).equals(Trees.text(metadata, field))) {
        throw Failures.internal("metadata." + field + " must not be changed");
      }
    }
    after.set("metadata", metadata);
    return after;
  }

  private ApiFailure failure(ObjectNode object, String why) {
    return Failures.internal(
        "conversion webhook for %s, Kind=%s failed: %s".formatted(version(object), kind, why));
  }

  private static String version(JsonNode object) {
    return Trees.text(object, "apiVersion");
  }
}
