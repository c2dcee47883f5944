package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Refused;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.transactions.Operation.What;
import dev.shiplog.api.transactions.RewindPlan.Left;
import dev.shiplog.api.transactions.RewindPlan.Step;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out what has to be done to bring a namespace back. One thread. */
final class RewindPlanner {

  static final String MANAGER = "shiplog-rewind";

  /** What others of the same transaction may need comes first. */
  private static final List<String> FIRST =
      List.of("serviceaccounts", "secrets", "configmaps", "persistentvolumeclaims", "services");

  private final ResourceCatalogue catalogue;
  private final ObjectForms forms;
  private final String namespace;
  private final Snapshot now;
  private final Set<String> except;
  private final List<Step> steps = new ArrayList<>();
  private final List<Left> left = new ArrayList<>();
  private final List<Refused> refusals = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param except objects to leave alone, each as kind/name in lower case
   */
  RewindPlanner(
      ResourceCatalogue catalogue,
      ObjectForms forms,
      String namespace,
      Snapshot now,
      Set<String> except) {
    this.catalogue = catalogue;
    this.forms = forms;
    this.namespace = namespace;
    this.now = now;
    this.except = except;
  }

  /**
   * Plans.
   *
   * @param then what the objects that changed since were; null for those that were not there
   * @throws ApiFailure if something is in the way
   */
  RewindPlan plan(long revision, Map<ObjectKey, ObjectNode> then) {
    then.forEach(this::consider);
    if (!refusals.isEmpty()) {
      throw Refused.together(refusals, ApiFailure.Subject.of("shiplog.dev", "rewinds", namespace));
    }
    steps.sort(
        Comparator.comparingInt(RewindPlanner::rank)
            .thenComparing(step -> step.key().resource())
            .thenComparing(step -> step.key().text()));
    return new RewindPlan(revision, now.revision(), List.copyOf(steps), List.copyOf(left));
  }

  private static int rank(Step step) {
    int place = FIRST.indexOf(step.key().resource().qualifiedName());
    return step.to() == null ? -1 : place < 0 ? FIRST.size() : place;
  }

  private void consider(ObjectKey key, ObjectNode then) {
    ObjectNode is = now.get(key).map(StoredObject::tree).orElse(null);
    boolean wasWanted = then != null && !Meta.isDeleting(then);
    ObjectNode known = is == null ? then : is;
    if (known == null || (is == null && !wasWanted) || isDerived(key, then) || isDerived(key, is)) {
      return;
    }
    Optional<ResourceType> type = served(key);
    if (type.isEmpty()) {
      left.add(Left.of(known, "its resource is no longer defined"));
      return;
    }
    if (except.contains(name(known))) {
      left.add(Left.of(known, "it was excepted"));
      return;
    }
    Optional<String> leaves =
        wasWanted ? RewindRules.leaves(key.resource(), then, is) : Optional.empty();
    if (leaves.isPresent()) {
      left.add(Left.of(known, leaves.get()));
    } else if (!wasWanted) {
      delete(type.get(), key, is);
    } else if (is == null) {
      create(type.get(), key, then);
    } else {
      update(type.get(), key, then, is);
    }
  }

  private boolean isDerived(ObjectKey key, ObjectNode object) {
    return object != null && RewindRules.isDerived(key.resource(), object, this::hasSelector);
  }

  /** Whether a Service's endpoints are found by the system. */
  private boolean hasSelector(String service) {
    ObjectKey key = new ObjectKey(StorageResource.of("services", ""), namespace, service);
    return now.get(key).map(found -> !found.tree().at("/spec/selector").isEmpty()).orElse(true);
  }

  private void delete(ResourceType type, ObjectKey key, ObjectNode is) {
    if (!Meta.isDeleting(is)) {
      add(type, key, is, null, new What.Delete(DeleteOptions.DEFAULT));
    }
  }

  private void create(ResourceType type, ObjectKey key, ObjectNode then) {
    ObjectNode object = RewindRules.recreated(key.resource(), then, this::isAlive);
    add(type, key, null, object, new What.Create(forms.toServed(type, object.deepCopy())));
  }

  private void update(ResourceType type, ObjectKey key, ObjectNode then, ObjectNode is) {
    ObjectNode object = RewindRules.changed(key.resource(), then, is, this::isAlive);
    if (RewindRules.wantTheSame(object, is)) {
      return;
    }
    if (Meta.isDeleting(is)) {
      refusals.add(
          new Refused(
              name(is),
              Failures.conflict(
                  type.group(),
                  type.plural(),
                  key.name(),
                  "it is being deleted; rewind again once it is gone, or except it")));
      return;
    }
    add(type, key, is, object, new What.Update(forms.toServed(type, object.deepCopy())));
  }

  private void add(ResourceType type, ObjectKey key, ObjectNode is, ObjectNode to, What what) {
    Target target = new Target(type, "", key.namespace(), key.name());
    String uid = is == null ? "" : Meta.uid(is);
    steps.add(new Step(new Operation(target, what, uid, "", MANAGER), key, is, to));
  }

  /** As it is served, best in the version it is stored in. */
  private Optional<ResourceType> served(ObjectKey key) {
    return catalogue.all().stream()
        .filter(type -> type.storage().filter(key.resource()::equals).isPresent())
        .filter(ResourceType::namespaced)
        .min(Comparator.comparing(type -> !type.servedAsStored()));
  }

  private boolean isAlive(JsonNode owner) {
    return catalogue
        .findByKind(owner.path("apiVersion").asText(""), owner.path("kind").asText(""))
        .filter(type -> type.storage().isPresent())
        .map(type ->
            new ObjectKey(
                type.storage().get(),
                type.namespaced() ? namespace : "",
                owner.path("name").asText("")))
        .flatMap(now::get)
        .filter(found -> found.uid().equals(owner.path("uid").asText("")))
        .isPresent();
  }

  private static String name(ObjectNode object) {
    return (object.path("kind").asText("") + "/" + Meta.name(object)).toLowerCase(Locale.ROOT);
  }
}
