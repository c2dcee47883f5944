package dev.shiplog.api.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the checks look at in a pod. */
record PodParts(JsonNode metadata, JsonNode spec, List<JsonNode> containers) {

  static PodParts of(JsonNode metadata, JsonNode spec) {
    List<JsonNode> containers = new ArrayList<>();
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      spec.path(list).forEach(containers::add);
    }
    return new PodParts(metadata, spec, containers);
  }

  JsonNode security() {
    return spec.path("securityContext");
  }

  static JsonNode security(JsonNode container) {
    return container.path("securityContext");
  }

  boolean isWindows() {
    return Trees.text(spec, "os", "name").equals("windows");
  }

  List<String> names(Predicate<JsonNode> which) {
    return containers.stream().filter(which).map(c -> Trees.text(c, "name")).toList();
  }

  /** A value that pod and containers may set: where it is, by {@code pod} or container. */
  List<String> settersOf(BiFunction<JsonNode, String, Boolean> bad) {
    Stream<String> pod = bad.apply(security(), "pod") ? Stream.of("pod") : Stream.empty();
    List<String> names = names(c -> bad.apply(security(c), "container"));
    Stream<String> containersText = names.isEmpty() ? Stream.empty() : Stream.of(called(names));
    return Stream.concat(pod, containersText).toList();
  }

  /** {@code container "a"} or {@code containers "a", "b"}. */
  static String called(List<String> names) {
    return (names.size() == 1 ? "container " : "containers ") + quoted(names);
  }

  static String quoted(List<String> names) {
    return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
  }
}
