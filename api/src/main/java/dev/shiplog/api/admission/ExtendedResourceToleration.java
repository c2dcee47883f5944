package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A pod that asks for an extended resource tolerates the taint of that name, with which the nodes
 * that have the resource keep other pods away.
 */
public final class ExtendedResourceToleration implements AdmissionPlugin {

  @Override
  public String name() {
    return "ExtendedResourceToleration";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.writes("pods");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode spec = Trees.child(request.object(), "spec");
    for (String resource : asked(spec)) {
      ArrayNode tolerations = Trees.list(spec, "tolerations");
      if (!tolerates(tolerations, resource)) {
        tolerations.addObject().put("key", resource).put("operator", "Exists");
      }
    }
    return Admission.DONE;
  }

  private static Set<String> asked(ObjectNode spec) {
    Set<String> names = new TreeSet<>();
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        Trees.at(container, "resources", "requests")
            .fieldNames()
            .forEachRemaining(name -> addIfExtended(names, name));
      }
    }
    return names;
  }

  private static void addIfExtended(Set<String> names, String name) {
    int slash = name.indexOf('/');
    boolean own = slash < 0 || name.substring(0, slash).endsWith("kubernetes.io");
    if (!own && !name.startsWith("requests.")) {
      names.add(name);
    }
  }

  private static boolean tolerates(ArrayNode tolerations, String key) {
    for (JsonNode toleration : tolerations) {
      if (Trees.text(toleration, "key").equals(key)
          && Trees.text(toleration, "operator").equals("Exists")
          && Trees.text(toleration, "effect").isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
