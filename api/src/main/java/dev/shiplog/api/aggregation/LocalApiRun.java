package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.definitions.Definition;
import dev.shiplog.api.journal.ChangeSignal;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Times;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Keeps an APIService for each group and version that the API server serves itself, while this
 * server leads: followers leave it to the leader, so that two versions of Shiplog do not argue.
 * What is to be done at once is one commit. One thread, but for {@link #wakeup}.
 */
public final class LocalApiRun implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(LocalApiRun.class);
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService");
  private static final long IDLE_MS = 60_000;
  private static final long LOOK_AGAIN_MS = 200;
  private static final long PATIENCE_SECONDS = 30;

  private final Store store;
  private final Supplier<ResourceCatalogue> catalogue;
  private final InstantSource clock;
  private final Executor executor;
  private final ChangeSignal changes;
  private final LocalApiKeeper keeper;
  private boolean pending;

  /**
   * Begins; this is the start that APIServices are looked at on.
   *
   * @param catalogue of what is served, custom resources included
   * @param executor runs what goes on after a commit
   */
  public LocalApiRun(
      Store store, Supplier<ResourceCatalogue> catalogue, InstantSource clock, Executor executor) {
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.executor = executor;
    this.changes = new ChangeSignal(store, List.of(Definition.RESOURCE, ExtensionApis.RESOURCE));
    this.keeper = new LocalApiKeeper(stored().keySet());
  }

  @Override
  public void step() {
    if (!changes.await(pending ? LOOK_AGAIN_MS : IDLE_MS)) {
      return;
    }
    Map<String, StoredObject> stored = stored();
    Map<String, ObjectNode> trees = new TreeMap<>();
    stored.forEach((name, object) -> trees.put(name, object.tree()));
    Map<String, ObjectNode> wanted = LocalApis.of(catalogue.get());
    List<ProposedChange> all =
        keeper.decide(trees, wanted).stream().map(step -> change(step, stored)).toList();
    pending = !all.isEmpty() && !commit(all);
    if (!pending) {
      keeper.settle(wanted.keySet());
    }
  }

  @Override
  public void wakeup() {
    changes.wakeup();
  }

  @Override
  public void close() {
    changes.close();
  }

  private Map<String, StoredObject> stored() {
    Map<String, StoredObject> stored = new TreeMap<>();
    store
        .current()
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

  /** What somebody else changed meanwhile is looked at again. */
  private boolean commit(List<ProposedChange> all) {
    try {
      var _ =
          store
              .commit(new CommitRequest(caller().origin("update"), all, false))
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
      return true;
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof StaleException || e.getCause() instanceof ApiFailure)) {
        LOG.warn("local APIServices could not be kept; it is tried again", e);
      }
      return false;
    }
  }

  private Caller caller() {
    return new Caller(
        SELF,
        UUID.randomUUID().toString(),
        "/apis/apiregistration.k8s.io/v1/apiservices",
        List.of(),
        "apiserver",
        clock.millis(),
        Optional.empty(),
        executor);
  }
}
