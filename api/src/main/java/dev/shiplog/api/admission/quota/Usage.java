package dev.shiplog.api.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.limits.Amounts;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.topics.catalogue.StorageResource;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one object uses, by the names that quotas give it.
 *
 * @param pod the object, if it is a pod; else null
 */
record Usage(Map<String, Quantity> amounts, ObjectNode pod) {

  static final Usage NONE = new Usage(Map.of(), null);
  private static final Quantity ONE = count(1);
  private static final String CLASS_SUFFIX = ".storageclass.storage.k8s.io/";

  /** Those that have a name without {@code count/} too. */
  private static final Set<String> OLD_NAMES =
      Set.of(
          "pods",
          "services",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "configmaps",
          "persistentvolumeclaims");

  /** What of an object an update can change the use by. */
  static boolean mayChange(StorageResource resource) {
    return switch (resource.qualifiedName()) {
      case "pods", "services", "persistentvolumeclaims" -> true;
      default -> false;
    };
  }

  /** What the object uses; nothing if there is none. */
  static Usage of(StorageResource resource, ObjectNode object) {
    if (object == null) {
      return NONE;
    }
    Map<String, Quantity> amounts = new TreeMap<>();
    String name = resource.qualifiedName();
    amounts.put("count/" + name, ONE);
    if (OLD_NAMES.contains(name) && !name.equals("pods")) {
      amounts.put(name, ONE);
    }
    switch (name) {
      case "pods" -> {
        pod(object, amounts);
        return new Usage(amounts, object);
      }
      case "services" -> service(object.path("spec"), amounts);
      case "persistentvolumeclaims" -> claim(object, amounts);
      default -> {} // it only counts
    }
    return new Usage(amounts, null);
  }

  /** One that has ended uses nothing of its node any more. */
  private static void pod(ObjectNode pod, Map<String, Quantity> amounts) {
    String phase = Trees.text(pod, "status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return;
    }
    amounts.put("pods", ONE);
    Amounts.ofPod(pod.path("spec"), "requests")
        .forEach((name, amount) -> {
          amounts.put("requests." + name, amount);
          amounts.put(name, amount);
        });
    Amounts.ofPod(pod.path("spec"), "limits")
        .forEach((name, amount) -> amounts.put("limits." + name, amount));
  }

  private static void service(JsonNode spec, Map<String, Quantity> amounts) {
    String type = Trees.text(spec, "type");
    int ports = spec.path("ports").size();
    if (type.equals("LoadBalancer")) {
      amounts.put("services.loadbalancers", ONE);
      amounts.put(
          "services.nodeports",
          count(spec.path("allocateLoadBalancerNodePorts").asBoolean(true) ? ports : given(spec)));
    } else if (type.equals("NodePort")) {
      amounts.put("services.nodeports", count(ports));
    }
  }

  private static int given(JsonNode spec) {
    return (int)
        Trees.objects(spec, "ports").stream()
            .filter(port -> port.path("nodePort").asInt(0) != 0)
            .count();
  }

  private static void claim(ObjectNode claim, Map<String, Quantity> amounts) {
    String asked = Trees.text(claim, "spec", "resources", "requests", "storage");
    String storageClass = Trees.text(claim, "spec", "storageClassName");
    Quantity storage = Quantity.parse(asked.isEmpty() ? "0" : asked);
    amounts.put("requests.storage", storage);
    if (!storageClass.isEmpty()) {
      amounts.put(storageClass + CLASS_SUFFIX + "requests.storage", storage);
      amounts.put(storageClass + CLASS_SUFFIX + "persistentvolumeclaims", ONE);
    }
  }

  static Quantity count(long number) {
    return new Quantity(BigDecimal.valueOf(number), Quantity.Family.DECIMAL);
  }

  /** The resources of the core group that have names of their own. */
  static List<String> looksInto() {
    return List.of("pods", "services", "persistentvolumeclaims");
  }
}
