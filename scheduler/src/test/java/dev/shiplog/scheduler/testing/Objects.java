package dev.shiplog.scheduler.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeReader;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;

/** Objects for tests, from JSON in which quotes may be single or left out around field names. */
public final class Objects {

  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private Objects() {}

  public static JsonNode json(String text) {
    try {
      return LENIENT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A pending pod of namespace {@code default} that asks for nothing. */
  public static Pod pod(String name) {
    return podOf(name, "{}");
  }

  /** A pending pod of namespace {@code default} with that spec. */
  public static Pod pod(String name, String spec) {
    return podOf(name, "{spec: " + spec + "}");
  }

  /** A pending pod with one container that asks for that much. */
  public static Pod pod(String name, String cpu, String memory) {
    return pod(
        name,
        "{containers: [{resources: {requests: {cpu: '%s', memory: '%s'}}}]}"
            .formatted(cpu, memory));
  }

  /**
   * A pod of namespace {@code default}; the JSON says what is different from one without anything.
   */
  public static Pod podOf(String name, String json) {
    return PodReader.read(podJson(name, json));
  }

  /** The same pod after a change, which the JSON describes. */
  public static ObjectNode podJson(String name, String json) {
    ObjectNode pod =
        (ObjectNode)
            json(
                "{metadata: {namespace: 'default', name: '%s', uid: 'uid-%s', resourceVersion: '1'}}"
                    .formatted(name, name));
    return merge(pod, json(json));
  }

  /** A pod that runs on a node. */
  public static Pod boundPod(String name, String node, String cpu, String memory) {
    return pod(
        name,
        """
        {nodeName: '%s', containers: [{resources: {requests: {cpu: '%s', memory: '%s'}}}]}
        """
            .formatted(node, cpu, memory));
  }

  /** A node with 4 cores, 16 GiB and room for 110 pods. */
  public static Node node(String name) {
    return node(name, "{}");
  }

  /** A node; the JSON says what is different from {@link #node(String)}. */
  public static Node node(String name, String json) {
    ObjectNode node =
        (ObjectNode)
            json(
                """
                {metadata: {name: '%s', labels: {'kubernetes.io/hostname': '%s'}},
                 status: {allocatable: {cpu: '4', memory: '16Gi', pods: '110'}}}
                """
                    .formatted(name, name));
    return NodeReader.read(merge(node, json(json)));
  }

  private static ObjectNode merge(ObjectNode into, JsonNode from) {
    for (var field : from.properties()) {
      JsonNode known = into.get(field.getKey());
      if (known instanceof ObjectNode object && field.getValue().isObject()) {
        merge(object, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
    return into;
  }
}
