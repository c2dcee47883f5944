package dev.shiplog.streams.controllers.garbagecollector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.garbagecollector.Graph.Node;
import dev.shiplog.streams.controllers.garbagecollector.Graph.Owner;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Deletes what has lost all its owners, and sees to owners that go in the foreground (after their
 * dependents) or leave their dependents behind (orphan). A key is an object of any resource.
 */
public final class GarbageCollector implements Controller {

  private final List<ResourceType<?>> types;
  private final Map<String, ResourceType<?>> typesByKind;

  /**
   * A collector.
   *
   * @param types every resource whose objects may own or be owned
   */
  public GarbageCollector(Collection<ResourceType<?>> types) {
    this.types = List.copyOf(types);
    this.typesByKind = Graph.byKind(types);
  }

  @Override
  public String name() {
    return "generic-garbage-collector";
  }

  @Override
  public List<Source<?>> sources() {
    List<Source<?>> sources = new ArrayList<>();
    types.forEach(type -> sources.add(source(type)));
    return sources;
  }

  private <T extends HasMetadata> Source<T> source(ResourceType<T> type) {
    return Source.mapped(type, this::concerned);
  }

  private Collection<String> concerned(ObjectChange<?> change, Views views) {
    if (!changesTheGraph(change)) {
      return List.of();
    }
    Graph graph = new Graph(views, typesByKind);
    Set<String> keys = new LinkedHashSet<>();
    keys.add(Graph.key(change.type(), change.key()));
    if (change.after() == null || isEnding(change.after())) {
      String uid = change.latest().getMetadata().getUid();
      graph.dependents(uid).forEach(dependent -> keys.add(dependent.key()));
    }
    change
        .states()
        .flatMap(object -> object.getMetadata().getOwnerReferences().stream())
        .flatMap(reference -> graph.owner(reference).stream())
        .filter(Node::isEnding)
        .forEach(owner -> keys.add(owner.key()));
    return keys;
  }

  /** Most changes, of status above all, concern neither owners nor ends. */
  private static boolean changesTheGraph(ObjectChange<?> change) {
    if (change.before() == null || change.after() == null) {
      return true;
    }
    var before = change.before().getMetadata();
    var after = change.after().getMetadata();
    return !Objects.equals(before.getUid(), after.getUid())
        || !Objects.equals(before.getDeletionTimestamp(), after.getDeletionTimestamp())
        || !before.getFinalizers().equals(after.getFinalizers())
        || !before.getOwnerReferences().equals(after.getOwnerReferences());
  }

  private static boolean isEnding(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  @Override
  public Collection<String> allKeys(Views views) {
    List<String> keys = new ArrayList<>();
    types.forEach(type -> addKeys(views.of(type), keys));
    return keys;
  }

  private static <T extends HasMetadata> void addKeys(ResourceView<T> view, List<String> keys) {
    view.all().stream()
        .filter(object -> isEnding(object) || !object.getMetadata().getOwnerReferences().isEmpty())
        .forEach(object -> keys.add(new Node(view.type(), object).key()));
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Graph graph = new Graph(views, typesByKind);
    return graph
        .find(key)
        .map(node ->
            node.isEnding()
                ? end(node, graph)
                : withWarnings(collect(node, graph, now), node, graph))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation withWarnings(Reconciliation decided, Node node, Graph graph) {
    List<EventRequest> warnings =
        node.object().getMetadata().getOwnerReferences().stream()
            .filter(reference -> graph.isAcross(node, reference))
            .map(reference -> ownedAcross(node, reference))
            .toList();
    return warnings.isEmpty()
        ? decided
        : new Reconciliation(decided.commands(), warnings, decided.requeueAfter());
  }

  private static EventRequest ownedAcross(Node node, OwnerReference reference) {
    return EventRequest.warning(
            node.type(),
            node.object(),
            "OwnerRefInvalidNamespace",
            "ownerRef [%s/%s, namespace: %s, name: %s, uid: %s] does not exist in namespace \"%s\""
                .formatted(
                    reference.getApiVersion(),
                    reference.getKind(),
                    node.namespace(),
                    reference.getName(),
                    reference.getUid(),
                    node.namespace()))
        .from("garbage-collector-controller");
  }

  private static Reconciliation end(Node node, Graph graph) {
    if (node.hasFinalizer(Graph.ORPHAN)) {
      return orphan(node, graph);
    }
    return node.hasFinalizer(Graph.FOREGROUND)
        ? endDependents(node, graph)
        : Reconciliation.nothing();
  }

  private static Reconciliation orphan(Node node, Graph graph) {
    List<Node> dependents = graph.dependents(node.uid());
    if (dependents.isEmpty()) {
      return Reconciliation.of(withoutFinalizer(node, Graph.ORPHAN));
    }
    return Reconciliation.of(
        dependents.stream()
            .map(dependent -> withoutOwners(dependent, uid -> uid.equals(node.uid())))
            .toList());
  }

  /** Each dependent is deleted when it is looked at itself; here it is only waited for. */
  private static Reconciliation endDependents(Node node, Graph graph) {
    boolean blocked =
        graph.blocking(node).stream().anyMatch(dependent -> !graph.waitsFor(dependent, node));
    return blocked
        ? Reconciliation.nothing()
        : Reconciliation.of(withoutFinalizer(node, Graph.FOREGROUND));
  }

  private static Reconciliation collect(Node node, Graph graph, Instant now) {
    Map<Owner, List<String>> owners = new EnumMap<>(Owner.class);
    for (OwnerReference reference : node.object().getMetadata().getOwnerReferences()) {
      owners
          .computeIfAbsent(graph.judge(node, reference, now), owner -> new ArrayList<>())
          .add(reference.getUid());
    }
    if (owners.containsKey(Owner.UNKNOWN)) {
      Duration wait = Duration.between(now, graph.arrivesBy(node));
      return Reconciliation.after(wait.isPositive() ? wait : Duration.ofMillis(1));
    }
    List<String> lost = new ArrayList<>(owners.getOrDefault(Owner.ABSENT, List.of()));
    lost.addAll(owners.getOrDefault(Owner.WAITING, List.of()));
    if (lost.isEmpty()) {
      return Reconciliation.nothing();
    }
    if (owners.containsKey(Owner.SOLID)) {
      return Reconciliation.of(withoutOwners(node, lost::contains));
    }
    boolean foreground =
        owners.containsKey(Owner.WAITING) && !graph.dependents(node.uid()).isEmpty();
    return Reconciliation.of(
        Commands.delete(
            node.type(),
            node.object(),
            Commands.asSeen(node.object()),
            foreground ? "Foreground" : "Background"));
  }

  private static CommandRequest withoutOwners(Node node, Predicate<String> lost) {
    ObjectNode patch = KubernetesJson.object();
    ArrayNode references = patch.putObject("metadata").putArray("ownerReferences");
    node.object().getMetadata().getOwnerReferences().stream()
        .filter(reference -> !lost.test(reference.getUid()))
        .forEach(reference -> references.add(KubernetesJson.tree(reference)));
    return Commands.patchAsSeen(node.type(), node.object(), patch);
  }

  private static CommandRequest withoutFinalizer(Node node, String finalizer) {
    ObjectNode patch = KubernetesJson.object();
    ArrayNode finalizers = patch.putObject("metadata").putArray("finalizers");
    node.object().getMetadata().getFinalizers().stream()
        .filter(there -> !there.equals(finalizer))
        .forEach(finalizers::add);
    return Commands.patchAsSeen(node.type(), node.object(), patch);
  }
}
