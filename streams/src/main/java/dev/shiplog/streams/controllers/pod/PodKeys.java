package dev.shiplog.streams.controllers.pod;

import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.function.Function;

/** Whom a change of a pod concerns. */
public final class PodKeys {

  private PodKeys() {}

  /** Pods of owners, and pods without a controller that an owner's selector matches. */
  public static <T extends HasMetadata> Source<Pod> controlledOrMatching(
      ResourceType<T> owners, Function<T, LabelSelector> selector) {
    Source<Pod> controlled = Source.controlled(ResourceTypes.PODS, owners);
    return Source.mapped(
        ResourceTypes.PODS,
        (change, views) ->
            Owners.controllerOf(change.latest()).isPresent()
                ? controlled.keys().keys(change, views)
                : views
                    .of(owners)
                    .inNamespace(change.latest().getMetadata().getNamespace())
                    .stream()
                    .filter(
                        owner -> Selectors.matching(selector.apply(owner)).test(change.latest()))
                    .map(ObjectKeys::keyOf)
                    .toList());
  }
}
