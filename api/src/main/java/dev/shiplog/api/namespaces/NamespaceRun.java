package dev.shiplog.api.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.JsonBytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;

/**
 * Looks after namespaces that are being deleted, while this server leads: it has other servers
 * delete what they hold of them, and says in their conditions what keeps them, custom resources and
 * other servers' objects included, of which only the API knows. One thread, but for {@link
 * #wakeup}.
 */
public final class NamespaceRun extends StateRun {

  private static final StorageResource NAMESPACES = ExtensionFinalizer.NAMESPACES;
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.api.core.v1.Namespace");

  /** While one ends, it is looked at so often. */
  private static final long LOOK_AGAIN_MS = 1_000;

  private static final long IDLE_MS = 60_000;

  /** What goes by itself in so little time needs no telling. */
  private static final Duration UNTOLD = Duration.ofSeconds(2);

  /** So many objects of a namespace are asked for their finalizers. */
  private static final int MOST_READ = 2_000;

  private final InstantSource clock;
  private final OwnCommits commits;
  private final ExtensionContent extensions;

  /**
   * Begins.
   *
   * @param calls to other servers
   */
  public NamespaceRun(Store store, ExtensionApis apis, Webhooks calls, InstantSource clock) {
    super(store, List.of(NAMESPACES), LOOK_AGAIN_MS, IDLE_MS);
    this.clock = clock;
    this.commits = new OwnCommits(store, clock, SELF);
    this.extensions = new ExtensionContent(apis, calls);
  }

  @Override
  protected boolean look(Snapshot state) {
    List<StoredObject> ending =
        List.copyOf(state.byIndex(NAMESPACES, Snapshot.Indexes.FIELD, "status.phase=Terminating"));
    ending.forEach(namespace -> look(state, namespace));
    return !ending.isEmpty();
  }

  private void look(Snapshot state, StoredObject stored) {
    ObjectNode namespace = stored.tree();
    boolean held = ExtensionFinalizer.isIn(namespace);
    Instant now = clock.instant();
    boolean told =
        now.isAfter(
            Times.parse(Trees.text(namespace, "metadata", "deletionTimestamp")).plus(UNTOLD));
    if (!held && !told) {
      return;
    }
    String name = stored.key().name();
    Remains remains = new Remains();
    count(state, name, remains);
    // Pods go first: what they rely on stays for as long as they run.
    if (held && state.count(PODS, name) == 0 && extensions.empty(name, state, remains)) {
      ExtensionFinalizer.takeOutOf(namespace);
    }
    if (told) {
      tell(namespace, remains, now);
    }
    write(stored, namespace);
  }

  private static void count(Snapshot state, String namespace, Remains remains) {
    int read = 0;
    for (StorageResource resource : state.resources()) {
      int number = state.count(resource, namespace);
      remains.count(resource.plural(), resource.group(), number);
      if (number > 0) {
        Iterator<StoredObject> objects = state.list(resource, namespace, "");
        while (objects.hasNext() && read++ < MOST_READ) {
          StoredObject object = objects.next();
          if (mentionsFinalizers(object)) {
            remains.finalizersOf(object.content());
          }
        }
      }
    }
  }

  /** Most objects have none, and need not be read for that. */
  private static boolean mentionsFinalizers(StoredObject object) {
    return JsonBytes.has(object.bytes(), "metadata", "finalizers");
  }

  private static void tell(ObjectNode namespace, Remains remains, Instant now) {
    ArrayNode conditions = Trees.list(Trees.child(namespace, "status"), "conditions");
    for (Remains.Condition told : remains.conditions()) {
      ObjectNode condition = condition(conditions, told.type());
      if (!Trees.text(condition, "status").equals(told.status())) {
        condition.put("lastTransitionTime", Times.seconds(now));
      }
      condition
          .put("type", told.type())
          .put("status", told.status())
          .put("reason", told.reason())
          .put("message", told.message());
    }
  }

  private static ObjectNode condition(ArrayNode conditions, String type) {
    for (JsonNode condition : conditions) {
      if (Trees.text(condition, "type").equals(type)) {
        return (ObjectNode) condition;
      }
    }
    return conditions.addObject();
  }

  /** What somebody else changed meanwhile is looked at again. */
  private void write(StoredObject stored, ObjectNode namespace) {
    CanonicalForm.apply(TYPE, namespace);
    if (namespace.equals(stored.tree())) {
      return;
    }
    boolean due =
        Trees.texts(namespace, "spec", "finalizers").isEmpty()
            && Trees.texts(namespace, "metadata", "finalizers").isEmpty();
    var _ =
        commits.commit(
            due ? "delete" : "update",
            "/api/v1/namespaces/" + stored.key().name(),
            List.of(
                due
                    ? new ProposedChange.Delete(stored.key(), stored.revision())
                    : new ProposedChange.Update(stored.key(), stored.revision(), namespace)));
  }
}
