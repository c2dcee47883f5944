package dev.shiplog.streams.controllers.namespace;

import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What keeps a namespace that is being deleted, as its conditions tell it. */
final class NamespaceStatuses {

  private final Namespace namespace;
  private final String time;
  private final Map<String, Integer> remaining = new TreeMap<>();
  private final Map<String, Integer> finalizers = new TreeMap<>();

  NamespaceStatuses(
      Namespace namespace, Collection<ResourceType<?>> contents, Views views, Instant now) {
    this.namespace = namespace;
    this.time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (ResourceType<?> type : contents) {
      views.of(type).inNamespace(namespace.getMetadata().getName()).forEach(o -> count(type, o));
    }
  }

  private void count(ResourceType<?> type, HasMetadata object) {
    remaining.merge(type.resource().name(), 1, Integer::sum);
    object.getMetadata().getFinalizers().forEach(name -> finalizers.merge(name, 1, Integer::sum));
  }

  Namespace report() {
    List<NamespaceCondition> conditions = new ArrayList<>();
    conditions.add(
        condition(
            "NamespaceDeletionDiscoveryFailure",
            false,
            "ResourcesDiscovered",
            "All resources successfully discovered"));
    conditions.add(
        condition(
            "NamespaceDeletionGroupVersionParsingFailure",
            false,
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed"));
    conditions.add(
        condition(
            "NamespaceDeletionContentFailure",
            false,
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization"));
    conditions.add(content());
    conditions.add(finalization());
    return new NamespaceBuilder(namespace)
        .editOrNewStatus()
        .withConditions(conditions)
        .endStatus()
        .build();
  }

  private NamespaceCondition content() {
    String type = "NamespaceContentRemaining";
    return remaining.isEmpty()
        ? condition(type, false, "ContentRemoved", "All content successfully removed")
        : condition(
            type,
            true,
            "SomeResourcesRemain",
            "Some resources are remaining: " + list(remaining, "%s. has %d resource instances"));
  }

  private NamespaceCondition finalization() {
    String type = "NamespaceFinalizersRemaining";
    return finalizers.isEmpty()
        ? condition(
            type, false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
        : condition(
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
            .map(entry -> String.format(format, entry.getKey(), entry.getValue()))
            .toList());
  }

  private NamespaceCondition condition(String type, boolean is, String reason, String message) {
    String status = is ? "True" : "False";
    List<NamespaceCondition> before =
        namespace.getStatus() == null ? List.of() : namespace.getStatus().getConditions();
    String since =
        before.stream()
            .filter(one -> one.getType().equals(type) && Objects.equals(one.getStatus(), status))
            .map(NamespaceCondition::getLastTransitionTime)
            .findFirst()
            .orElse(time);
    return new NamespaceConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(since)
        .build();
  }
}
