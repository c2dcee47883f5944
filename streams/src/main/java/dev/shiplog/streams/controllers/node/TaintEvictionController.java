package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or no longer. */
public final class TaintEvictionController implements Controller {

  @Override
  public String name() {
    return "taint-eviction-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:node-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(NODES),
        Source.mapped(
            PODS,
            (change, views) ->
                PodStates.isScheduled(change.latest())
                    ? List.of(change.latest().getSpec().getNodeName())
                    : List.of()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(PodsByNode.INDEX);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(NODES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<Node> node = views.of(NODES).get(key);
    List<Taint> taints =
        node.map(NodeTaints::of).orElse(List.of()).stream()
            .filter(taint -> NodeTaints.NO_EXECUTE.equals(taint.getEffect()))
            .toList();
    if (taints.isEmpty()) {
      return Reconciliation.nothing();
    }
    Reconciliation.Builder result = Reconciliation.builder();
    views.of(PODS).find(PodsByNode.INDEX, key).stream()
        .filter(PodStates::isActive)
        .forEach(pod -> judge(pod, taints, now, result));
    return result.build();
  }

  private static void judge(
      Pod pod, List<Taint> taints, Instant now, Reconciliation.Builder result) {
    Optional<Instant> end =
        taints.stream().flatMap(taint -> end(pod, taint, now).stream()).min(Instant::compareTo);
    if (end.isEmpty()) {
      return;
    }
    if (end.get().isAfter(now)) {
      result.requeueAfter(Duration.between(now, end.get()));
    } else {
      result.command(Commands.delete(PODS, pod));
      result.event(
          EventRequest.normal(
              PODS,
              pod,
              "TaintManagerEviction",
              "Marking for deletion Pod " + ObjectKeys.keyOf(pod)));
    }
  }

  /** When the pod has to go because of a taint; empty if it may stay for good. */
  private static Optional<Instant> end(Pod pod, Taint taint, Instant now) {
    List<Toleration> tolerations =
        pod.getSpec().getTolerations().stream()
            .filter(toleration -> NodeTaints.tolerates(toleration, taint))
            .toList();
    if (tolerations.isEmpty()) {
      return Optional.of(now);
    }
    Instant since = taint.getTimeAdded() == null ? now : Instant.parse(taint.getTimeAdded());
    return tolerations.stream()
        .map(Toleration::getTolerationSeconds)
        .filter(seconds -> seconds != null)
        .min(Long::compare)
        .map(seconds -> since.plusSeconds(Math.max(0, seconds)));
  }
}
