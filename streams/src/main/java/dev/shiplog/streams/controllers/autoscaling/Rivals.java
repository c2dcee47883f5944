package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Which autoscalers scale the same pods; each would undo what the other did. */
final class Rivals {

  private final Views views;
  private final MetricSource metrics;
  private final Instant now;

  Rivals(Views views, MetricSource metrics, Instant now) {
    this.views = views;
    this.metrics = metrics;
    this.now = now;
  }

  /** Keys of the autoscaler and of those it competes with, in order. */
  List<String> of(HorizontalPodAutoscaler autoscaler, ScaleTarget target) {
    String namespace = autoscaler.getMetadata().getNamespace();
    Collection<HorizontalPodAutoscaler> all =
        views.of(HORIZONTAL_POD_AUTOSCALERS).inNamespace(namespace);
    String own = ObjectKeys.keyOf(autoscaler);
    if (all.size() < 2) {
      return List.of(own);
    }
    Collection<Pod> pods = views.of(PODS).selected(namespace, target.pods());
    return all.stream()
        .filter(other -> ObjectKeys.keyOf(other).equals(own) || selects(other, pods))
        .map(ObjectKeys::keyOf)
        .sorted()
        .toList();
  }

  /** One whose target is not known yet is no rival yet. */
  private boolean selects(HorizontalPodAutoscaler other, Collection<Pod> pods) {
    ScaleTargets targets = new ScaleTargets(views, metrics, now);
    String namespace = other.getMetadata().getNamespace();
    return switch (targets.find(namespace, other.getSpec().getScaleTargetRef())) {
      case ScaleTargets.Awaited() -> false;
      case ScaleTargets.Missing _ -> false;
      case ScaleTargets.There(ScaleTarget target) ->
          target.pods() != null && pods.stream().anyMatch(Selectors.matching(target.pods()));
    };
  }
}
