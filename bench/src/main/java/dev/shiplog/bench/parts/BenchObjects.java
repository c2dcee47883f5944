package dev.shiplog.bench.parts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.custom.CustomVersion;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;

/** A typical pod, deployment and custom resource, with as many items more as are asked for. */
final class BenchObjects {

  private static final String POD =
      """
      {"containers":[{"name":"web","image":"registry.example.com/web:1.2.3",
        "ports":[{"name":"http","containerPort":8080}],
        "env":[{"name":"MODE","value":"production"},
               {"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}],
        "resources":{"requests":{"cpu":"250m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
        "livenessProbe":{"httpGet":{"path":"/live","port":"http"}},
        "readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"periodSeconds":5},
        "volumeMounts":[{"name":"data","mountPath":"/data"},
                        {"name":"settings","mountPath":"/etc/web"}]}],
       "volumes":[{"name":"data","emptyDir":{}},{"name":"settings","configMap":{"name":"web"}}],
       "tolerations":[{"key":"spot","operator":"Exists","effect":"NoSchedule"}]}\
      """;

  private static final String SCHEMA =
      """
      {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",
       "properties":{"spec":{"type":"object","required":["size"],"properties":{
         "size":{"type":"integer","minimum":1,"default":3},
         "colour":{"type":"string","enum":["red","green"],"default":"red"},
         "name":{"type":"string","pattern":"^[a-z][-a-z0-9]*$","maxLength":63},
         "parts":{"type":"array","maxItems":100000,"x-kubernetes-list-type":"map",
           "x-kubernetes-list-map-keys":["name"],
           "items":{"type":"object","required":["name"],"properties":{
             "name":{"type":"string","maxLength":63},
             "weight":{"type":"integer","minimum":0,"default":1}}}}}}}}}}\
      """;

  private BenchObjects() {}

  static CustomVersion version() {
    return new CustomVersion(new GroupVersion("bench.example.com", "v1"), "Widget", tree(SCHEMA));
  }

  static ObjectNode of(String kind, int items) {
    return switch (kind) {
      case "pod" -> pod(items);
      case "deployment" -> deployment(items);
      default -> widget(items);
    };
  }

  /** The list that is long when many items are asked for: a pod's environment, a widget's parts. */
  static ArrayNode list(ObjectNode object) {
    String path = object.path("kind").asText().equals("Pod") ? "/containers/0/env" : "/parts";
    return (ArrayNode) object.path("spec").at(path);
  }

  /** One of its items. */
  static ObjectNode item(String kind, String name, int value) {
    ObjectNode item = Json.MAPPER.createObjectNode().put("name", name);
    return kind.equals("pod")
        ? item.put("value", "a value of some length " + value)
        : item.put("weight", value);
  }

  /** Gives an item another value. */
  static void change(ObjectNode item) {
    if (item.has("weight")) {
      item.put("weight", item.path("weight").asInt() + 1);
    } else {
      item.put("value", "another value");
    }
  }

  private static ObjectNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
  }

  private static ObjectNode object(String apiVersion, String kind, int items) {
    ObjectNode object = Json.MAPPER.createObjectNode().put("apiVersion", apiVersion);
    ObjectNode metadata = object.put("kind", kind).putObject("metadata");
    metadata.put("name", "web").put("namespace", "bench");
    ObjectNode labels = metadata.putObject("labels").put("app", "web");
    ObjectNode annotations = metadata.putObject("annotations");
    for (int i = 0; i < items / 10; i++) {
      labels.put("label-" + i, "value-" + i);
      annotations.put("example.com/note-" + i, "text " + i);
    }
    return object;
  }

  private static ObjectNode podSpec(int items) {
    ObjectNode spec = tree(POD);
    ArrayNode env = (ArrayNode) spec.at("/containers/0/env");
    for (int i = 0; i < items; i++) {
      env.add(item("pod", "VARIABLE_" + i, i));
    }
    for (int i = 0; i < items / 10; i++) {
      spec.withArray("/volumes").addObject().put("name", "volume-" + i).putObject("emptyDir");
      spec.withArray("/containers/0/volumeMounts")
          .addObject()
          .put("name", "volume-" + i)
          .put("mountPath", "/mnt/" + i);
    }
    return spec;
  }

  private static ObjectNode pod(int items) {
    ObjectNode pod = object("v1", "Pod", items);
    pod.set("spec", podSpec(items));
    return pod;
  }

  private static ObjectNode deployment(int items) {
    ObjectNode deployment = object("apps/v1", "Deployment", items);
    ObjectNode spec = deployment.putObject("spec").put("replicas", 3);
    spec.putObject("selector").putObject("matchLabels").put("app", "web");
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", "web");
    template.set("spec", podSpec(items));
    return deployment;
  }

  private static ObjectNode widget(int items) {
    ObjectNode widget = object("bench.example.com/v1", "Widget", items);
    ObjectNode spec = widget.putObject("spec").put("size", 5).put("name", "a-widget");
    ArrayNode parts = spec.putArray("parts");
    for (int i = 0; i < items + 3; i++) {
      parts.add(item("custom", "part-" + i, i));
    }
    return widget;
  }
}
