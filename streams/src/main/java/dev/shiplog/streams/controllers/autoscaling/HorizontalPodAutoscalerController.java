package dev.shiplog.streams.controllers.autoscaling;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.HORIZONTAL_POD_AUTOSCALERS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICATION_CONTROLLERS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static dev.shiplog.streams.kit.ResourceTypes.STATEFUL_SETS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Scales what HorizontalPodAutoscalers name, by metrics. It looks at each every 15 seconds, and at
 * once at one that is new or was changed. Beside the views it knows what metrics say, which it asks
 * for without waiting, and what it did lately ({@link ScalingHistory}).
 */
public final class HorizontalPodAutoscalerController implements Controller {

  static final Duration PERIOD = Duration.ofSeconds(15);
  private static final Duration ASK_AGAIN = Duration.ofMillis(300);

  private final MetricSource metrics;
  private final ScalingHistory histories = new ScalingHistory();

  public HorizontalPodAutoscalerController(MetricSource metrics) {
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return "horizontal-pod-autoscaler-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:horizontal-pod-autoscaler";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(HORIZONTAL_POD_AUTOSCALERS),
        Source.readOnly(PODS),
        Source.readOnly(DEPLOYMENTS),
        Source.readOnly(REPLICA_SETS),
        Source.readOnly(STATEFUL_SETS),
        Source.readOnly(REPLICATION_CONTROLLERS));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(HORIZONTAL_POD_AUTOSCALERS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<HorizontalPodAutoscaler> found = views.of(HORIZONTAL_POD_AUTOSCALERS).get(key);
    if (found.isEmpty()) {
      histories.forget(key);
      return Reconciliation.nothing();
    }
    HorizontalPodAutoscaler autoscaler = found.get();
    ScalingHistory.OfOne history = histories.of(key);
    Optional<Duration> pause = history.pause(autoscaler.getSpec(), now, PERIOD);
    return pause.isPresent()
        ? Reconciliation.after(pause.get())
        : look(autoscaler, history, views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    Optional<RefusedCommand> scale =
        refused.stream()
            .filter(it -> it.command().target().subresource().equals("scale"))
            .findFirst();
    Optional<HorizontalPodAutoscaler> found = views.of(HORIZONTAL_POD_AUTOSCALERS).get(key);
    if (scale.isEmpty() || found.isEmpty()) {
      return reconcile(key, views, now);
    }
    return unable(
        found.get(),
        now,
        "FailedUpdateScale",
        "the HPA controller was unable to update the target scale: " + scale.get().message(),
        "FailedRescale");
  }

  private Reconciliation look(
      HorizontalPodAutoscaler autoscaler, ScalingHistory.OfOne history, Views views, Instant now) {
    String namespace = autoscaler.getMetadata().getNamespace();
    ScaleTargets targets = new ScaleTargets(views, metrics, now);
    return switch (targets.find(namespace, autoscaler.getSpec().getScaleTargetRef())) {
      case ScaleTargets.Awaited() -> Reconciliation.after(ASK_AGAIN);
      case ScaleTargets.Missing(String message) -> {
        history.look(autoscaler.getSpec(), now);
        yield unable(
            autoscaler,
            now,
            "FailedGetScale",
            "the HPA controller was unable to get the target's current scale: " + message,
            "FailedGetScale");
      }
      case ScaleTargets.There(ScaleTarget target) when target.pods() == null -> {
        history.look(autoscaler.getSpec(), now);
        yield inactive(
            autoscaler, now, "InvalidSelector", "the HPA target's scale is missing a selector");
      }
      case ScaleTargets.There(ScaleTarget target) -> look(autoscaler, target, history, views, now);
    };
  }

  private Reconciliation look(
      HorizontalPodAutoscaler autoscaler,
      ScaleTarget target,
      ScalingHistory.OfOne history,
      Views views,
      Instant now) {
    AutoscalerStep step = new AutoscalerStep(autoscaler, target, history, now);
    List<String> rivals =
        step.needsMetrics() ? new Rivals(views, metrics, now).of(autoscaler, target) : List.of();
    if (rivals.size() > 1) {
      history.look(autoscaler.getSpec(), now);
      return inactive(
          autoscaler,
          now,
          "AmbiguousSelector",
          "pods by selector %s are controlled by multiple HPAs: [%s]"
              .formatted(Selectors.text(target.pods()), String.join(" ", rivals)));
    }
    List<Evaluation> evaluations =
        step.needsMetrics() ? evaluate(autoscaler, target, views, now) : List.of();
    if (evaluations.stream().anyMatch(Evaluation.Awaited.class::isInstance)) {
      return Reconciliation.after(ASK_AGAIN);
    }
    history.look(autoscaler.getSpec(), now);
    return again(step.decide(evaluations));
  }

  private List<Evaluation> evaluate(
      HorizontalPodAutoscaler autoscaler, ScaleTarget target, Views views, Instant now) {
    String namespace = autoscaler.getMetadata().getNamespace();
    MetricEvaluation evaluation =
        new MetricEvaluation(
            namespace,
            target,
            views.of(PODS).selected(namespace, target.pods()),
            Tolerance.of(autoscaler.getSpec().getBehavior()),
            metrics,
            now);
    return autoscaler.getSpec().getMetrics().stream().map(evaluation::of).toList();
  }

  private static Reconciliation unable(
      HorizontalPodAutoscaler autoscaler,
      Instant now,
      String reason,
      String message,
      String event) {
    AutoscalerConditions conditions = new AutoscalerConditions(autoscaler, now);
    conditions.set(AutoscalerConditions.ABLE, false, reason, message);
    return told(autoscaler, conditions, event, message);
  }

  private static Reconciliation inactive(
      HorizontalPodAutoscaler autoscaler, Instant now, String reason, String message) {
    AutoscalerConditions conditions = new AutoscalerConditions(autoscaler, now);
    conditions.set(AutoscalerConditions.ACTIVE, false, reason, message);
    return told(autoscaler, conditions, reason, message);
  }

  private static Reconciliation told(
      HorizontalPodAutoscaler autoscaler,
      AutoscalerConditions conditions,
      String event,
      String message) {
    HorizontalPodAutoscaler wanted =
        new HorizontalPodAutoscalerBuilder(autoscaler)
            .editOrNewStatus()
            .withConditions(conditions.all())
            .endStatus()
            .build();
    Reconciliation.Builder result = Reconciliation.builder().requeueAfter(PERIOD);
    Commands.changeStatus(HORIZONTAL_POD_AUTOSCALERS, autoscaler, wanted)
        .ifPresent(result::command);
    return result
        .event(EventRequest.warning(HORIZONTAL_POD_AUTOSCALERS, autoscaler, event, message))
        .build();
  }

  private static Reconciliation again(Reconciliation decided) {
    return new Reconciliation(decided.commands(), decided.events(), Optional.of(PERIOD));
  }
}
