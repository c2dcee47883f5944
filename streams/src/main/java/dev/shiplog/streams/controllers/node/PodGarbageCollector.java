package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Removes pods that no kubelet will ever remove: their node is gone, or they never had one. */
public final class PodGarbageCollector implements Controller {

  /** A node that was deleted may be registered again by an agent that lives. */
  static final Duration QUARANTINE = Duration.ofSeconds(40);

  @Override
  public String name() {
    return "pod-garbage-collector";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(PODS), Source.mapped(NODES, PodGarbageCollector::podsOfDeletedNode));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(PodsByNode.INDEX);
  }

  private static Collection<String> podsOfDeletedNode(ObjectChange<Node> change, Views views) {
    return change.after() != null
        ? List.of()
        : views.of(PODS).find(PodsByNode.INDEX, change.key()).stream()
            .map(ObjectKeys::keyOf)
            .toList();
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(PODS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(PODS)
        .get(key)
        .map(pod -> reconcile(key, pod, views, now))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(String key, Pod pod, Views views, Instant now) {
    if (!PodStates.isScheduled(pod)) {
      return PodStates.isTerminating(pod)
          ? Reconciliation.of(Commands.deleteNow(PODS, pod))
          : Reconciliation.nothing();
    }
    if (views.of(NODES).get(pod.getSpec().getNodeName()).isPresent()) {
      return Reconciliation.nothing();
    }
    Instant end = views.of(PODS).changedAt(key).orElse(now).plus(QUARANTINE);
    return end.isAfter(now)
        ? Reconciliation.after(Duration.between(now, end))
        : Reconciliation.of(Commands.deleteNow(PODS, pod));
  }
}
