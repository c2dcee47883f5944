package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.definitions.Definition;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps an APIService for each group and version that the API server serves itself, while this
 * server leads: followers leave it to the leader, so that two versions of Shiplog do not argue.
 * What is to be done at once is one commit. One thread, but for {@link #wakeup}.
 */
public final class LocalApiRun extends StateRun {

  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService");
  private static final String URI = "/apis/apiregistration.k8s.io/v1/apiservices";
  private static final long IDLE_MS = 60_000;
  private static final long LOOK_AGAIN_MS = 200;

  private final Supplier<ResourceCatalogue> catalogue;
  private final InstantSource clock;
  private final OwnCommits commits;
  private final LocalApiKeeper keeper;

  /**
   * Begins; this is the start that APIServices are looked at on.
   *
   * @param catalogue of what is served, custom resources included
   */
  public LocalApiRun(Store store, Supplier<ResourceCatalogue> catalogue, InstantSource clock) {
    super(store, List.of(Definition.RESOURCE, ExtensionApis.RESOURCE), LOOK_AGAIN_MS, IDLE_MS);
    this.catalogue = catalogue;
    this.clock = clock;
    this.commits = new OwnCommits(store, clock, SELF);
    this.keeper = new LocalApiKeeper(stored(store.current()).keySet());
  }

  @Override
  protected boolean look(Snapshot state) {
    Map<String, StoredObject> stored = stored(state);
    Map<String, ObjectNode> trees = new TreeMap<>();
    stored.forEach((name, object) -> trees.put(name, object.tree()));
    Map<String, ObjectNode> wanted = LocalApis.of(catalogue.get());
    List<ProposedChange> all =
        keeper.decide(trees, wanted).stream().map(step -> change(step, stored)).toList();
    boolean done = all.isEmpty() || commits.commit("update", URI, all);
    if (done) {
      keeper.settle(wanted.keySet());
    }
    return !done;
  }

  private static Map<String, StoredObject> stored(Snapshot state) {
    Map<String, StoredObject> stored = new TreeMap<>();
    state
        .list(ExtensionApis.RESOURCE, "", "")
        .forEachRemaining(object -> stored.put(object.key().name(), object));
    return stored;
  }

  private ProposedChange change(LocalApiKeeper.Step step, Map<String, StoredObject> stored) {
    ObjectKey key = new ObjectKey(ExtensionApis.RESOURCE, "", step.name());
    return switch (step) {
      case LocalApiKeeper.Step.Make make -> new ProposedChange.Create(key, begun(make.object()));
      case LocalApiKeeper.Step.Correct correct ->
          new ProposedChange.Update(
              key, stored.get(step.name()).revision(), available(correct.object()));
      case LocalApiKeeper.Step.Remove _ ->
          new ProposedChange.Delete(key, stored.get(step.name()).revision());
    };
  }

  private ObjectNode begun(ObjectNode object) {
    object
        .withObject("/metadata")
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", Times.seconds(clock.instant()));
    return available(object);
  }

  private ObjectNode available(ObjectNode object) {
    Availability.LOCAL.writeTo(object, clock.instant());
    CanonicalForm.apply(TYPE, object);
    return object;
  }
}
