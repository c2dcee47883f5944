package dev.shiplog.api.verbs;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Target;
import java.util.ArrayList;
import java.util.List;

/** How many replicas an object wants and has: an autoscaling/v1 Scale. */
final class ScaleFacet implements Facet {

  private static final GroupVersion AUTOSCALING = new GroupVersion("autoscaling", "v1");

  @Override
  public Target bodyType(ResourceType type) {
    return Target.of(AUTOSCALING, "Scale");
  }

  @Override
  public boolean showsObject() {
    return false;
  }

  @Override
  public ObjectNode show(ResourceType type, ObjectNode stored) {
    ObjectNode scale = JsonNodeFactory.instance.objectNode();
    scale.put("kind", "Scale").put("apiVersion", AUTOSCALING.apiVersion());
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      Meta.copyField(Meta.of(stored), metadata, field);
    }
    ObjectNode spec = scale.putObject("spec");
    ScalePaths paths = ScalePaths.of(type);
    int wanted = stored.at(paths.wanted()).asInt(0);
    if (wanted != 0) {
      spec.put("replicas", wanted);
    }
    ObjectNode status = scale.putObject("status");
    status.put("replicas", stored.at(paths.present()).asInt(0));
    JsonNode selected = stored.at(paths.selector());
    String selector = selected.isTextual() ? selected.textValue() : selector(selected);
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  @Override
  public ObjectNode merge(ResourceType type, ObjectNode before, ObjectNode sent) {
    ObjectNode object = before.deepCopy();
    JsonPointer wanted = ScalePaths.of(type).wanted();
    object
        .withObject(wanted.head())
        .put(wanted.last().getMatchingProperty(), sent.path("spec").path("replicas").asInt(0));
    Meta.copy(sent, object, "resourceVersion");
    Meta.copy(sent, object, "uid");
    return object;
  }

  @Override
  public ObjectNode config(ResourceType type, ObjectNode sent) {
    ObjectNode config = sent.objectNode();
    config.set("metadata", Meta.of(sent).retain("name", "namespace", "uid", "resourceVersion"));
    if (sent.path("spec").has("replicas")) {
      JsonPointer wanted = ScalePaths.of(type).wanted();
      config
          .withObject(wanted.head())
          .set(wanted.last().getMatchingProperty(), sent.path("spec").get("replicas"));
    }
    return config;
  }

  /** In text form; a replication controller's selector is a plain map of labels. */
  private static String selector(JsonNode selector) {
    boolean structured = selector.has("matchLabels") || selector.has("matchExpressions");
    List<String> terms = new ArrayList<>();
    (structured ? selector.path("matchLabels") : selector)
        .properties()
        .forEach(label -> terms.add(label.getKey() + "=" + label.getValue().asText()));
    if (structured) {
      selector.path("matchExpressions").forEach(expression -> terms.add(term(expression)));
    }
    return String.join(",", terms);
  }

  private static String term(JsonNode expression) {
    String key = expression.path("key").asText();
    List<String> values = new ArrayList<>();
    expression.path("values").forEach(value -> values.add(value.asText()));
    return switch (expression.path("operator").asText()) {
      case "In" -> key + " in (" + String.join(",", values) + ")";
      case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }
}
