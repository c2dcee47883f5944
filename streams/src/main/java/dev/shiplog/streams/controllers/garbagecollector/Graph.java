package dev.shiplog.streams.controllers.garbagecollector;

import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Owners and dependents over all resources there are. */
final class Graph {

  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  /**
   * An owner that was never seen may still be on its way on its own topic; after this time without
   * a change of the dependent it is not.
   */
  static final Duration ARRIVAL_TIME = Duration.ofSeconds(5);

  private final Views views;
  private final Map<String, ResourceType<?>> typesByKind;

  /** An object and its resource. */
  record Node(ResourceType<?> type, HasMetadata object) {

    String uid() {
      return object.getMetadata().getUid();
    }

    String namespace() {
      String namespace = object.getMetadata().getNamespace();
      return namespace == null ? "" : namespace;
    }

    /** Key of the controller's queue. */
    String key() {
      return Graph.key(type, ObjectKeys.keyOf(object));
    }

    boolean isEnding() {
      return object.getMetadata().getDeletionTimestamp() != null;
    }

    boolean hasFinalizer(String finalizer) {
      return object.getMetadata().getFinalizers().contains(finalizer);
    }

    boolean isEndingWithItsDependents() {
      return isEnding() && hasFinalizer(FOREGROUND);
    }

    Optional<OwnerReference> referenceTo(String uid) {
      return object.getMetadata().getOwnerReferences().stream()
          .filter(reference -> reference.getUid().equals(uid))
          .findFirst();
    }
  }

  /** What is known of an owner that an object names. */
  enum Owner {
    /** It is there. */
    SOLID,
    /** It is waiting for its dependents to go. */
    WAITING,
    /** It is gone. */
    ABSENT,
    /** It was not seen yet, and may be on its way. */
    UNKNOWN
  }

  /**
   * Of what is there now.
   *
   * @param typesByKind see {@link #byKind}
   */
  Graph(Views views, Map<String, ResourceType<?>> typesByKind) {
    this.views = views;
    this.typesByKind = typesByKind;
  }

  /** The resources that owners are looked for in, by what references call them; made once. */
  static Map<String, ResourceType<?>> byKind(Collection<ResourceType<?>> types) {
    Map<String, ResourceType<?>> byKind = new HashMap<>();
    types.forEach(type -> byKind.put(groupKind(type.apiVersion(), type.kind()), type));
    return Map.copyOf(byKind);
  }

  private static String groupKind(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return (slash < 0 ? "" : apiVersion.substring(0, slash)) + "/" + kind;
  }

  static String key(ResourceType<?> type, String objectKey) {
    return type.resource().name() + "|" + objectKey;
  }

  /** The object of a queue key. */
  Optional<Node> find(String key) {
    int bar = key.indexOf('|');
    return views
        .of(StorageResource.parse(key.substring(0, bar)))
        .flatMap(view -> node(view, key.substring(bar + 1)));
  }

  private static <T extends HasMetadata> Optional<Node> node(ResourceView<T> view, String key) {
    return view.get(key).map(object -> new Node(view.type(), object));
  }

  /** The dependents that an owner which goes in the foreground waits for. */
  List<Node> blocking(Node owner) {
    return dependents(owner.uid()).stream()
        .filter(dependent ->
            dependent
                .referenceTo(owner.uid())
                .filter(reference -> Boolean.TRUE.equals(reference.getBlockOwnerDeletion()))
                .isPresent())
        .toList();
  }

  /**
   * Whether an object that goes in the foreground waits, by whatever way, for another: where the
   * other waits for it too, neither would ever go.
   */
  boolean waitsFor(Node node, Node other) {
    Set<String> seen = new HashSet<>();
    Deque<Node> toSee = new ArrayDeque<>(List.of(node));
    while (!toSee.isEmpty()) {
      Node next = toSee.pop();
      if (next.isEndingWithItsDependents() && seen.add(next.uid())) {
        List<Node> blocking = blocking(next);
        if (blocking.stream().anyMatch(dependent -> dependent.uid().equals(other.uid()))) {
          return true;
        }
        toSee.addAll(blocking);
      }
    }
    return false;
  }

  List<Node> dependents(String uid) {
    return views.all().stream().flatMap(view -> dependents(view, uid).stream()).toList();
  }

  private static <T extends HasMetadata> List<Node> dependents(ResourceView<T> view, String uid) {
    return view.ownedBy(uid).stream().map(object -> new Node(view.type(), object)).toList();
  }

  /** The owner that a reference names, wherever it is. */
  Optional<Node> owner(OwnerReference reference) {
    return Optional.ofNullable(typeOf(reference))
        .flatMap(type -> byUid(views.of(type), reference.getUid()));
  }

  private static <T extends HasMetadata> Optional<Node> byUid(ResourceView<T> view, String uid) {
    return view.byUid(uid).map(object -> new Node(view.type(), object));
  }

  private ResourceType<?> typeOf(OwnerReference reference) {
    return typesByKind.get(groupKind(reference.getApiVersion(), reference.getKind()));
  }

  /** What is known of an owner of a dependent. */
  Owner judge(Node dependent, OwnerReference reference, Instant now) {
    ResourceType<?> type = typeOf(reference);
    if (type == null) {
      return Owner.SOLID; // of a kind that is not followed: nothing can be said against it
    }
    if (type.namespaced() && dependent.namespace().isEmpty()) {
      return Owner.SOLID; // cannot be looked for without a namespace, so it cannot be missed
    }
    Optional<Node> owner = byUid(views.of(type), reference.getUid());
    if (owner.isPresent()) {
      return judge(dependent, owner.get());
    }
    boolean certain =
        views.of(type).sawDeletionOf(reference.getUid()) || !arrivesBy(dependent).isAfter(now);
    return certain ? Owner.ABSENT : Owner.UNKNOWN;
  }

  private static Owner judge(Node dependent, Node owner) {
    if (isAcross(dependent, owner)) {
      return Owner.ABSENT; // nobody is owned across namespaces
    }
    return owner.isEndingWithItsDependents() ? Owner.WAITING : Owner.SOLID;
  }

  private static boolean isAcross(Node dependent, Node owner) {
    return owner.type().namespaced() && !owner.namespace().equals(dependent.namespace());
  }

  /** Whether an object of no namespace, or of another one, names this owner. */
  boolean isAcross(Node dependent, OwnerReference reference) {
    return owner(reference).filter(owner -> isAcross(dependent, owner)).isPresent();
  }

  /** By then every owner the object was made with has been read. */
  Instant arrivesBy(Node dependent) {
    return views
        .of(dependent.type())
        .changedAt(ObjectKeys.keyOf(dependent.object()))
        .orElse(Instant.MAX.minus(ARRIVAL_TIME))
        .plus(ARRIVAL_TIME);
  }
}
