package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.projection.CheckpointLog;
import dev.shiplog.api.registry.DefinitionRules;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Checkpoint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What the leader does for definitions: gives each its store topic and its names, and then says
 * that it is established; of one that is deleted it removes the objects, and the topic once nothing
 * more will be written to it, and lets the definition go. Also empties ending namespaces of custom
 * resources. Everything is done from the state alone, so that whoever leads next goes on. One
 * thread, but for {@link #wakeup}.
 */
public final class DefinitionRun extends StateRun {

  private static final StorageResource NAMESPACES = StorageResource.of("namespaces", "");
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn()
          .get("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");

  /** Objects with finalizers, and the projection, take their time: so they are looked at again. */
  private static final long LOOK_AGAIN_MS = 100;

  private static final long IDLE_MS = 30_000;

  /**
   * What a run works with.
   *
   * @param catalogue finds the resources of definitions
   */
  public record Environment(
      Store store,
      Verbs verbs,
      CustomResources catalogue,
      TopicLog log,
      TopicCatalogue topics,
      InstantSource clock,
      Executor workers) {}

  private final Environment environment;
  private final LeaderWrites writes;
  private boolean pending;

  public DefinitionRun(Environment environment) {
    super(environment.store(), List.of(Definition.RESOURCE, NAMESPACES), LOOK_AGAIN_MS, IDLE_MS);
    this.environment = environment;
    this.writes = new LeaderWrites(environment);
  }

  @Override
  protected boolean look(Snapshot state) {
    pending = false;
    List<StoredObject> objects = new ArrayList<>();
    state.list(Definition.RESOURCE, "", "").forEachRemaining(objects::add);
    List<Definition> all = objects.stream().map(o -> new Definition(o.tree())).toList();
    for (int i = 0; i < objects.size(); i++) {
      if (all.get(i).isEnding()) {
        end(state, objects.get(i), all.get(i));
      } else {
        begin(objects.get(i), all.get(i), all);
      }
    }
    emptyNamespaces(state);
    return pending;
  }

  private void begin(StoredObject object, Definition definition, List<Definition> all) {
    AcceptedNames accepted = AcceptedNames.of(definition, all);
    if (accepted.all() && !definition.isEstablished()) {
      environment.log().ensureTopics(List.of(environment.topics().store(definition.storage())));
    }
    ObjectNode next = object.tree();
    new DefinitionStatus(next, environment.clock().instant()).accept(accepted);
    write(object, next);
  }

  private void end(Snapshot state, StoredObject object, Definition definition) {
    ObjectNode next = object.tree();
    if (!definition.isTrue("Terminating")) {
      new DefinitionStatus(next, environment.clock().instant()).end();
      write(object, next);
      pending = true;
      return;
    }
    if (state.count(definition.storage(), "") > 0) {
      pending = true;
      deleteAll(definition.storage(), "");
    } else if (!isProjected(state.lastRevision(definition.storage()))) {
      pending = true;
    } else {
      environment.log().deleteTopic(environment.topics().store(definition.storage()).name());
      release(object, next);
    }
  }

  private boolean isProjected(long revision) {
    return revision == 0
        || CheckpointLog.newest(environment.log(), environment.topics().names())
            .map(Checkpoint::revision)
            .filter(projected -> projected >= revision)
            .isPresent();
  }

  private void release(StoredObject object, ObjectNode next) {
    ObjectNode metadata = next.withObject("/metadata");
    Iterator<JsonNode> finalizers = metadata.withArray("/finalizers").iterator();
    while (finalizers.hasNext()) {
      if (finalizers.next().asText().equals(DefinitionRules.FINALIZER)) {
        finalizers.remove();
      }
    }
    if (metadata.path("finalizers").isEmpty()) {
      pending |= !writes.commit(new ProposedChange.Delete(object.key(), object.revision()));
    } else {
      write(object, next);
    }
  }

  private void emptyNamespaces(Snapshot state) {
    for (StoredObject namespace :
        state.byIndex(NAMESPACES, Snapshot.Indexes.FIELD, "status.phase=Terminating")) {
      if (state.count(PODS, namespace.key().name()) > 0) {
        // They may rely on anything else, so they go first.
        pending |= hasCustomResources(state, namespace.key().name());
        continue;
      }
      for (StorageResource resource : state.resources()) {
        if (!resource.uid().isEmpty() && state.count(resource, namespace.key().name()) > 0) {
          pending = true;
          deleteAll(resource, namespace.key().name());
        }
      }
    }
  }

  private static boolean hasCustomResources(Snapshot state, String namespace) {
    return state.resources().stream()
        .anyMatch(resource -> !resource.uid().isEmpty() && state.count(resource, namespace) > 0);
  }

  private void deleteAll(StorageResource resource, String namespace) {
    Optional<ResourceType> type =
        environment.catalogue().get().all().stream()
            .filter(candidate -> candidate.storage().equals(Optional.of(resource)))
            .findFirst();
    type.ifPresent(found -> {
      boolean asked =
          writes.run(
              new ApiRequest.DeleteCollection(
                  new Target(found, "", namespace, ""),
                  writes.caller(),
                  Selection.EVERYTHING,
                  ListOptions.ALL,
                  DeleteOptions.DEFAULT));
      pending |= !asked;
    });
  }

  private void write(StoredObject object, ObjectNode next) {
    CanonicalForm.apply(TYPE, next);
    if (!next.equals(object.tree())) {
      pending |= !writes.commit(new ProposedChange.Update(object.key(), object.revision(), next));
    }
  }
}
