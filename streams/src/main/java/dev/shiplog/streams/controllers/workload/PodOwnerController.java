package dev.shiplog.streams.controllers.workload;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodKeys;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A controller of a workload that owns pods by a selector: it looks at a workload when that
 * changes, when a pod does that it controls or could adopt, and when something refused its
 * commands. One that selects everything is left alone, and told so.
 */
public abstract class PodOwnerController<T extends HasMetadata> implements Controller {

  /** Pods that nobody controls, by namespace: those that may be adopted. */
  public static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  private final ResourceType<T> type;
  private final Function<T, LabelSelector> selector;
  private final String inWords;

  /**
   * A controller.
   *
   * @param inWords what people call the workload, for example {@code daemon set}
   */
  protected PodOwnerController(
      ResourceType<T> type, Function<T, LabelSelector> selector, String inWords) {
    this.type = type;
    this.selector = selector;
    this.inWords = inWords;
  }

  /** Decides about a workload with a selector. */
  protected abstract Reconciliation decide(
      T workload, List<RefusedCommand> refused, Views views, Instant now);

  /** What it reads beside the workloads and pods. */
  protected List<Source<?>> furtherSources() {
    return List.of();
  }

  /** Whom a change of a pod concerns. */
  protected Source<Pod> pods() {
    return PodKeys.controlledOrMatching(type, selector);
  }

  @Override
  public List<Source<?>> sources() {
    List<Source<?>> sources = new ArrayList<>();
    sources.add(Source.primary(type));
    sources.add(pods());
    sources.addAll(furtherSources());
    return sources;
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(type).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return views
        .of(type)
        .get(key)
        .map(workload ->
            Selectors.isEmpty(selector.apply(workload))
                ? selectsAll(workload)
                : decide(workload, refused, views, now))
        .orElse(Reconciliation.nothing());
  }

  private Reconciliation selectsAll(T workload) {
    String message =
        "This %s is selecting all pods. A non-empty selector is required.".formatted(inWords);
    return Reconciliation.builder()
        .event(EventRequest.warning(type, workload, "SelectingAll", message))
        .build();
  }
}
