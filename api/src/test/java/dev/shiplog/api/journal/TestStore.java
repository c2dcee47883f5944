package dev.shiplog.api.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.projection.DrivenProjection;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Json;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Stores for tests, on any log, and short ways to ask them for something. */
public final class TestStore {

  public static final TopicNames NAMES = new TopicNames("test");
  public static final StorageResource PODS = StorageResource.of("pods", "");
  public static final StorageResource NODES = StorageResource.of("nodes", "");
  public static final StorageResource EVENTS = StorageResource.of("events", "");
  public static final int ASSIGNMENT_PARTITIONS = 4;
  private static final int BATCH_ENTRIES = 100;
  public static final List<StorageResource> RESOURCES = List.of(PODS, NODES, EVENTS);

  /** Field selectors as pods have them. */
  public static final ObjectIndexer INDEXER =
      (_, object) -> Map.of("spec.nodeName", object.path("spec").path("nodeName").asText(""));

  /** Every request has an audit id of its own. */
  private static final AtomicLong REQUESTS = new AtomicLong();

  private TestStore() {}

  /** The topics that a store needs. */
  public static List<TopicSpec> topics() {
    return new TopicCatalogue(NAMES, 1, ASSIGNMENT_PARTITIONS).all(RESOURCES);
  }

  /** A store that was not started, for the resources above. */
  public static JournalStore on(
      TopicLog log, FaultHandler faults, JournalSettings settings, CommitRule... rules) {
    log.ensureTopics(topics());
    return new JournalStore(
        settings,
        new JournalEnvironment(
            log,
            NAMES,
            InstantSource.system(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            faults,
            Thread.ofPlatform().daemon()::unstarted),
        new StoredResources(RESOURCES, INDEXER, List.of(rules)));
  }

  /** A store that serves alone. */
  public static JournalStore started(TopicLog log, FaultHandler faults, CommitRule... rules) {
    JournalStore store = on(log, faults, JournalSettings.alone("test"), rules);
    store.start();
    return store;
  }

  /** Topics of which the journal alone loses its end with the power, and not the rest. */
  static List<TopicSpec> topicsWithOnlyTheJournalUnflushed() {
    return topics().stream()
        .map(spec -> flushing(spec, spec.name().equals(NAMES.journal()) ? "1000" : "1"))
        .toList();
  }

  private static TopicSpec flushing(TopicSpec spec, String everyMessages) {
    Map<String, String> settings = new HashMap<>(spec.settings());
    settings.put("flush.messages", everyMessages);
    return new TopicSpec(spec.name(), spec.partitions(), spec.replicationFactor(), settings);
  }

  /** Projects what is in the journal. */
  public static void project(TopicLog log) {
    try (DrivenProjection projection =
        new DrivenProjection(log, NAMES, ASSIGNMENT_PARTITIONS, BATCH_ENTRIES)) {
      projection.step();
    }
  }

  public static ObjectKey pod(String name) {
    return new ObjectKey(PODS, "default", name);
  }

  /** An object with the key's name and some content. */
  public static ObjectNode object(ObjectKey key, String content) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("kind", "Test");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", key.name());
    if (!key.namespace().isEmpty()) {
      metadata.put("namespace", key.namespace());
    }
    object.putObject("spec").put("content", content);
    return object;
  }

  public static CommitRequest request(ProposedChange... changes) {
    return new CommitRequest(origin(), List.of(changes), false);
  }

  public static Origin origin() {
    return new Origin(
        "audit-" + REQUESTS.incrementAndGet(),
        "create",
        "/api/v1/pods",
        UserInfo.of("tester"),
        List.of(),
        "test",
        0,
        Optional.empty());
  }

  public static CompletableFuture<CommitResult> createObject(
      JournalStore store, ObjectKey key, String content) {
    return store.commit(request(new ProposedChange.Create(key, object(key, content))));
  }

  public static CompletableFuture<CommitResult> updateObject(
      JournalStore store, StoredObject from, String content) {
    ObjectNode tree = from.tree();
    ((ObjectNode) tree.get("spec")).put("content", content);
    return store.commit(request(new ProposedChange.Update(from.key(), from.revision(), tree)));
  }

  public static CompletableFuture<CommitResult> deleteObject(
      JournalStore store, StoredObject object) {
    return store.commit(request(new ProposedChange.Delete(object.key(), object.revision())));
  }

  /** The content of an object made by {@link #object}. */
  public static String content(StoredObject object) {
    return object.tree().path("spec").path("content").asText();
  }
}
