package dev.shiplog.streams.controllers.namespace;

import static dev.shiplog.streams.kit.ResourceTypes.NAMESPACES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Empties a namespace that is being deleted, and then lets it go. What keeps it is said in its
 * conditions by the API server, which knows of custom resources and other servers' objects too.
 */
public final class NamespaceController implements Controller {

  private static final String FINALIZER = "kubernetes";

  /** So many deletions are asked for at a time. */
  private static final int BURST = 1000;

  /**
   * What was created just before the namespace began to end may still be on its way on its own
   * topic; after this time it is not.
   */
  private static final Duration ARRIVAL_TIME = Duration.ofMillis(500);

  private final List<ResourceType<?>> contents;

  /**
   * A controller.
   *
   * @param types every resource there is; those without namespaces are left out
   */
  public NamespaceController(Collection<ResourceType<?>> types) {
    List<ResourceType<?>> namespaced = new ArrayList<>(types);
    namespaced.removeIf(type -> !type.namespaced());
    this.contents = List.copyOf(namespaced);
  }

  @Override
  public String name() {
    return "namespace-controller";
  }

  @Override
  public List<Source<?>> sources() {
    List<Source<?>> sources = new ArrayList<>();
    sources.add(Source.primary(NAMESPACES));
    contents.forEach(type -> sources.add(source(type)));
    return sources;
  }

  private static <T extends HasMetadata> Source<T> source(ResourceType<T> type) {
    return Source.mapped(type, NamespaceController::concerned);
  }

  private static Collection<String> concerned(ObjectChange<?> change, Views views) {
    String namespace = ObjectKeys.namespaceOf(change.key());
    return views
        .of(NAMESPACES)
        .get(namespace)
        .filter(NamespaceController::isEnding)
        .filter(ending -> matters(change, namespace, views))
        .map(ending -> List.of(namespace))
        .orElse(List.of());
  }

  /**
   * While a namespace empties, it is enough to hear of the last object of each kind, and of new.
   */
  private static boolean matters(ObjectChange<?> change, String namespace, Views views) {
    return change.after() == null
        ? !views.of(change.type()).anyInNamespace(namespace)
        : change.after().getMetadata().getDeletionTimestamp() == null;
  }

  private static boolean isEnding(Namespace namespace) {
    return namespace.getMetadata().getDeletionTimestamp() != null;
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(NAMESPACES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(NAMESPACES)
        .get(key)
        .filter(NamespaceController::isEnding)
        .filter(namespace -> finalizersOf(namespace).contains(FINALIZER))
        .map(namespace -> end(namespace, views, now))
        .orElse(Reconciliation.nothing());
  }

  private Reconciliation end(Namespace namespace, Views views, Instant now) {
    String name = namespace.getMetadata().getName();
    if (contents.stream().anyMatch(type -> views.of(type).anyInNamespace(name))) {
      List<CommandRequest> deletions =
          turn(views, name).stream()
              .flatMap(type -> deletions(views.of(type), name))
              .limit(BURST)
              .toList();
      return Reconciliation.of(deletions);
    }
    Instant settled = views.of(NAMESPACES).changedAt(name).orElse(now).plus(ARRIVAL_TIME);
    return settled.isAfter(now)
        ? Reconciliation.after(Duration.between(now, settled))
        : Reconciliation.of(finalized(namespace));
  }

  /** Pods go first: what they rely on, a policy or a secret, stays for as long as they run. */
  private List<ResourceType<?>> turn(Views views, String namespace) {
    boolean pods = contents.contains(PODS) && views.of(PODS).anyInNamespace(namespace);
    return pods ? List.of(PODS) : contents;
  }

  /** What is being deleted already only takes its time. */
  private static <T extends HasMetadata> Stream<CommandRequest> deletions(
      ResourceView<T> view, String namespace) {
    return view.inNamespace(namespace).stream()
        .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
        .map(object -> Commands.delete(view.type(), object));
  }

  private static List<String> finalizersOf(Namespace namespace) {
    return namespace.getSpec() == null ? List.of() : namespace.getSpec().getFinalizers();
  }

  private static CommandRequest finalized(Namespace namespace) {
    ObjectNode body = KubernetesJson.tree(namespace);
    ArrayNode finalizers = body.withObject("/spec").putArray("finalizers");
    finalizersOf(namespace).stream()
        .filter(finalizer -> !finalizer.equals(FINALIZER))
        .forEach(finalizers::add);
    return Commands.onSubresource(Verb.UPDATE, NAMESPACES, "finalize", namespace, body);
  }
}
