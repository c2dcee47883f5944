package dev.shiplog.api.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is left of a namespace, and what keeps it from going. One thread. */
final class Remains {

  private final Map<String, Integer> objects = new TreeMap<>();
  private final Map<String, Integer> finalizers = new TreeMap<>();
  private final List<String> undiscovered = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * Objects of a resource.
   *
   * @param group empty for the core group
   */
  void count(String plural, String group, int number) {
    if (number > 0) {
      objects.merge(plural + "." + group, number, Integer::sum);
    }
  }

  /** The finalizers of one of them. */
  void finalizersOf(JsonNode object) {
    Trees.texts(object, "metadata", "finalizers")
        .forEach(name -> finalizers.merge(name, 1, Integer::sum));
  }

  /** A group and version of which is not known what it serves. */
  void undiscovered(String groupVersion) {
    undiscovered.add(groupVersion);
  }

  /** Content that could not be deleted. */
  void failed(String why) {
    failures.add(why);
  }

  /** What is left in other places, too. */
  void add(Remains others) {
    others.objects.forEach((name, number) -> objects.merge(name, number, Integer::sum));
    others.finalizers.forEach((name, number) -> finalizers.merge(name, number, Integer::sum));
    undiscovered.addAll(others.undiscovered);
    failures.addAll(others.failures);
  }

  /** Whether nothing keeps the namespace. */
  boolean none() {
    return objects.isEmpty() && undiscovered.isEmpty() && failures.isEmpty();
  }

  /** What the conditions of the namespace say of it. */
  List<Condition> conditions() {
    return List.of(discovery(), parsing(), deletion(), content(), finalization());
  }

  /** One of them. */
  record Condition(String type, boolean holds, String reason, String message) {

    String status() {
      return holds ? "True" : "False";
    }
  }

  private Condition discovery() {
    String type = "NamespaceDeletionDiscoveryFailure";
    if (undiscovered.isEmpty()) {
      return new Condition(
          type, false, "ResourcesDiscovered", "All resources successfully discovered");
    }
    List<String> stale =
        undiscovered.stream().map(v -> v + ": stale GroupVersion discovery: " + v).toList();
    return new Condition(
        type,
        true,
        "DiscoveryFailed",
        "Discovery failed for some groups, %d failing: unable to retrieve the complete list of server APIs: %s"
            .formatted(undiscovered.size(), String.join(", ", stale)));
  }

  /** Of what discovery says, everything can be read. */
  private static Condition parsing() {
    return new Condition(
        "NamespaceDeletionGroupVersionParsingFailure",
        false,
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed");
  }

  private Condition deletion() {
    String type = "NamespaceDeletionContentFailure";
    return failures.isEmpty()
        ? new Condition(
            type,
            false,
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization")
        : new Condition(
            type,
            true,
            "ContentDeletionFailed",
            "Failed to delete all resource types, %d remaining: %s"
                .formatted(failures.size(), String.join(", ", failures)));
  }

  private Condition content() {
    String type = "NamespaceContentRemaining";
    return objects.isEmpty()
        ? new Condition(type, false, "ContentRemoved", "All content successfully removed")
        : new Condition(
            type,
            true,
            "SomeResourcesRemain",
            "Some resources are remaining: " + list(objects, "%s has %d resource instances"));
  }

  private Condition finalization() {
    String type = "NamespaceFinalizersRemaining";
    return finalizers.isEmpty()
        ? new Condition(
            type, false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
        : new Condition(
            type,
            true,
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: "
                + list(finalizers, "%s in %d resource instances"));
  }

  private static String list(Map<String, Integer> counts, String format) {
    return String.join(
        ", ",
        counts.entrySet().stream()
            .map(entry -> format.formatted(entry.getKey(), entry.getValue()))
            .toList());
  }
}
