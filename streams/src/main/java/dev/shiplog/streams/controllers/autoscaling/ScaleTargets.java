package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.kit.MetadataOnly;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Finds what an autoscaler scales: workloads in the views, anything else by its {@code Scale}. */
final class ScaleTargets {

  private final Views views;
  private final MetricSource metrics;
  private final Instant now;

  ScaleTargets(Views views, MetricSource metrics, Instant now) {
    this.views = views;
    this.metrics = metrics;
    this.now = now;
  }

  /** It, why it cannot be had, or that it is not known yet. */
  sealed interface Lookup {}

  record There(ScaleTarget target) implements Lookup {}

  record Missing(String message) implements Lookup {}

  record Awaited() implements Lookup {}

  Lookup find(String namespace, CrossVersionObjectReference reference) {
    String apiVersion = reference.getApiVersion() == null ? "" : reference.getApiVersion();
    String name = reference.getName();
    return switch (apiVersion + " " + reference.getKind()) {
      case "apps/v1 Deployment" -> local(DEPLOYMENTS, namespace, name, ScaleTargets::ofDeployment);
      case "apps/v1 ReplicaSet" -> local(REPLICA_SETS, namespace, name, ScaleTargets::ofReplicaSet);
      case "apps/v1 StatefulSet" ->
          local(STATEFUL_SETS, namespace, name, ScaleTargets::ofStatefulSet);
      case "v1 ReplicationController" ->
          local(REPLICATION_CONTROLLERS, namespace, name, ScaleTargets::ofController);
      default -> remote(namespace, apiVersion, reference.getKind(), name);
    };
  }

  private <T extends HasMetadata> Lookup local(
      ResourceType<T> type, String namespace, String name, Function<T, ScaleTarget> target) {
    Optional<T> found = views.of(type).get(namespace, name);
    return found.isPresent()
        ? new There(target.apply(found.get()))
        : new Missing("%s \"%s\" not found".formatted(type, name));
  }

  private static ScaleTarget ofDeployment(io.fabric8.kubernetes.api.model.apps.Deployment object) {
    var status = object.getStatus();
    return new ScaleTarget(
        DEPLOYMENTS,
        object,
        orOne(object.getSpec().getReplicas()),
        orZero(status == null ? null : status.getReplicas()),
        object.getSpec().getSelector());
  }

  private static ScaleTarget ofReplicaSet(io.fabric8.kubernetes.api.model.apps.ReplicaSet object) {
    var status = object.getStatus();
    return new ScaleTarget(
        REPLICA_SETS,
        object,
        orOne(object.getSpec().getReplicas()),
        orZero(status == null ? null : status.getReplicas()),
        object.getSpec().getSelector());
  }

  private static ScaleTarget ofStatefulSet(
      io.fabric8.kubernetes.api.model.apps.StatefulSet object) {
    var status = object.getStatus();
    return new ScaleTarget(
        STATEFUL_SETS,
        object,
        orOne(object.getSpec().getReplicas()),
        orZero(status == null ? null : status.getReplicas()),
        object.getSpec().getSelector());
  }

  private static ScaleTarget ofController(
      io.fabric8.kubernetes.api.model.ReplicationController object) {
    var status = object.getStatus();
    return new ScaleTarget(
        REPLICATION_CONTROLLERS,
        object,
        orOne(object.getSpec().getReplicas()),
        orZero(status == null ? null : status.getReplicas()),
        new LabelSelectorBuilder().withMatchLabels(object.getSpec().getSelector()).build());
  }

  private Lookup remote(String namespace, String apiVersion, String kind, String name) {
    Optional<MetricSource.Answer> answer =
        metrics.ask(new MetricQuery.ScaleOf(namespace, apiVersion, kind, name), now);
    if (answer.isEmpty()) {
      return new Awaited();
    }
    return switch (answer.get()) {
      case MetricSource.Failed(String message) -> new Missing(message);
      case MetricSource.Found(JsonNode scale) -> new There(ofScale(scale, apiVersion, kind));
    };
  }

  private static ScaleTarget ofScale(JsonNode scale, String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    ResourceType<MetadataOnly> type =
        new ResourceType<>(
            StorageResource.of(
                scale.path("plural").asText(), apiVersion.substring(0, Math.max(slash, 0))),
            apiVersion.substring(slash + 1),
            kind,
            true,
            MetadataOnly.class);
    MetadataOnly object = new MetadataOnly();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(scale.at("/metadata/namespace").asText())
            .withName(scale.at("/metadata/name").asText())
            .withUid(scale.at("/metadata/uid").asText())
            .build());
    String selector = scale.at("/status/selector").asText("");
    return new ScaleTarget(
        type,
        object,
        scale.at("/spec/replicas").asInt(),
        scale.at("/status/replicas").asInt(),
        selector.isEmpty() ? null : Selectors.parse(selector));
  }

  private static int orOne(Integer number) {
    return number == null ? 1 : number;
  }

  private static int orZero(Integer number) {
    return number == null ? 0 : number;
  }
}
