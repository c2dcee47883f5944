package dev.shiplog.streams.kit.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.MergePatch;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Outcome;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An API server in memory: objects, revisions, preconditions, subresources, graceful deletion and
 * finalizers as controllers know them; no admission, defaulting or validation. What it commits
 * comes out as records of store topics, in order. One thread.
 */
public final class FakeApiServer {

  private final Map<StorageResource, ResourceType<?>> types = new HashMap<>();
  private final Map<StorageResource, Map<String, ObjectNode>> objects = new HashMap<>();
  private final Map<StorageResource, Map<String, HasMetadata>> typed = new HashMap<>();
  private final Map<StorageResource, Long> lastRevisions = new HashMap<>();
  private final Map<String, Long> generations = new HashMap<>();
  private final List<StoreRecord> committed = new ArrayList<>();
  private final Supplier<Instant> clock;
  private Consumer<StoreRecord> afterCommit = record -> {};
  private long revision = 100;
  private long lastUid;
  private long lastCommandOffset;

  public FakeApiServer(Collection<ResourceType<?>> types, Supplier<Instant> clock) {
    types.forEach(type -> this.types.put(type.resource(), type));
    this.clock = clock;
  }

  /** Called after each commit, when the objects show its effect: the place for invariants. */
  public void afterCommit(Consumer<StoreRecord> listener) {
    afterCommit = listener;
  }

  /** Carries out a command and says what became of it. */
  public Outcome execute(Command command) {
    if (command.verb() == Command.Verb.BEGIN) {
      return begin(command);
    }
    ResourceType<?> type = typeOf(command.target());
    long before = revision;
    try {
      refuseOlderGeneration(command);
      carryOut(command, type);
      boolean changed = revision > before;
      return outcome(command, type, changed ? revision : 0, 200, "", "");
    } catch (Refusal refusal) {
      return outcome(command, type, 0, refusal.code(), refusal.reason(), refusal.getMessage());
    }
  }

  private Outcome begin(Command command) {
    boolean newer = command.generation() > generations.getOrDefault(command.application(), 0L);
    if (newer) {
      generations.put(command.application(), command.generation());
    }
    return new Outcome(
        command.id(),
        command.application(),
        command.generation(),
        ++lastCommandOffset,
        0,
        0,
        newer
            ? new CommandResult(200, "", "", "", 0)
            : new CommandResult(409, "Conflict", "a newer generation has begun", "", 0));
  }

  private void refuseOlderGeneration(Command command) {
    if (command.generation() < generations.getOrDefault(command.application(), 0L)) {
      throw new Refusal(409, "Conflict", "a newer generation has begun");
    }
  }

  private Outcome outcome(
      Command command, ResourceType<?> type, long changed, int code, String reason, String text) {
    long reached = lastRevisions.getOrDefault(type.resource(), 0L);
    return new Outcome(
        command.id(),
        command.application(),
        command.generation(),
        ++lastCommandOffset,
        0,
        changed,
        new CommandResult(code, reason, text, type.resource().name(), reached));
  }

  private void carryOut(Command command, ResourceType<?> type) {
    Target target = command.target();
    String key = ObjectKeys.key(target.namespace(), target.name());
    if (command.verb() == Command.Verb.CREATE && target.subresource().isEmpty()) {
      insert(type, key, command.body());
      return;
    }
    ObjectNode before = existing(type, key);
    ObjectRules.check(command.precondition(), before, type + " " + key);
    switch (command.verb()) {
      case CREATE -> bind(type, key, before, command.body());
      case UPDATE -> replace(type, key, before, command.body(), target.subresource());
      case PATCH ->
          replace(
              type, key, before, MergePatch.apply(before, command.body()), target.subresource());
      case DELETE -> delete(type, key, before, command.body());
      case BEGIN, BIND -> throw new IllegalStateException("not played here: " + command.verb());
    }
  }

  private void insert(ResourceType<?> type, String key, JsonNode body) {
    if (table(type).containsKey(key)) {
      throw Refusal.alreadyExists(type + " " + key);
    }
    refuseInEndingNamespace(type, key);
    if (type.kind().equals("Pod")) {
      refuseBeyondQuota(ObjectKeys.namespaceOf(key));
    }
    commit(type, key, ObjectRules.created(body, "uid-" + ++lastUid, clock.get()));
  }

  private void refuseInEndingNamespace(ResourceType<?> type, String key) {
    StorageResource namespaces = StorageResource.of("namespaces", "");
    if (!type.namespaced() || !objects.containsKey(namespaces)) {
      return;
    }
    ObjectNode namespace = objects.get(namespaces).get(ObjectKeys.namespaceOf(key));
    if (namespace != null && ObjectRules.isMarked(namespace)) {
      throw new Refusal(403, "Forbidden", "namespace is being terminated");
    }
  }

  /** Quotas are counted for pods alone. */
  private void refuseBeyondQuota(String namespace) {
    Map<String, ObjectNode> quotas =
        objects.getOrDefault(StorageResource.of("resourcequotas", ""), Map.of());
    long pods =
        objects.getOrDefault(StorageResource.of("pods", ""), Map.of()).keySet().stream()
            .filter(key -> ObjectKeys.namespaceOf(key).equals(namespace))
            .count();
    for (Map.Entry<String, ObjectNode> quota : quotas.entrySet()) {
      JsonNode hard = quota.getValue().at("/spec/hard/pods");
      if (ObjectKeys.namespaceOf(quota.getKey()).equals(namespace)
          && !hard.isMissingNode()
          && pods >= hard.asLong()) {
        throw new Refusal(
            403,
            "Forbidden",
            "exceeded quota: %s, requested: pods=1, used: pods=%d, limited: pods=%s"
                .formatted(ObjectKeys.nameOf(quota.getKey()), pods, hard.asText()));
      }
    }
  }

  private void bind(ResourceType<?> type, String key, ObjectNode before, JsonNode binding) {
    ObjectNode after = before.deepCopy();
    after.withObject("/spec").set("nodeName", binding.at("/target/name"));
    commitIfChanged(type, key, before, after);
  }

  private void replace(
      ResourceType<?> type, String key, ObjectNode before, JsonNode body, String subresource) {
    ObjectNode after =
        switch (subresource) {
          case "" -> ObjectRules.updated(before, body);
          case "status" -> ObjectRules.withStatusOf(before, body);
          case "scale" -> ObjectRules.withReplicasOf(before, body);
          case "finalize" -> ObjectRules.withFinalizersOf(before, body);
          default -> throw Refusal.notFound("subresource " + subresource);
        };
    if (ObjectRules.isMarked(after) && !ObjectRules.mustStay(after)) {
      commit(type, key, null);
    } else {
      commitIfChanged(type, key, before, after);
    }
  }

  private void delete(ResourceType<?> type, String key, ObjectNode before, JsonNode body) {
    JsonNode options = body == null ? KubernetesJson.object() : body;
    ObjectNode marked = ObjectRules.deleting(before, options, clock.get());
    if (ObjectRules.mustStay(marked)) {
      commitIfChanged(type, key, before, marked);
    } else {
      commit(type, key, null);
    }
  }

  private void commitIfChanged(
      ResourceType<?> type, String key, ObjectNode before, ObjectNode after) {
    if (!after.equals(before)) {
      commit(type, key, after);
    }
  }

  private void commit(ResourceType<?> type, String key, ObjectNode after) {
    revision++;
    lastRevisions.put(type.resource(), revision);
    byte[] value = null;
    if (after == null) {
      table(type).remove(key);
      typedTable(type).remove(key);
    } else {
      after.withObject("/metadata").put("resourceVersion", Long.toString(revision));
      table(type).put(key, after);
      value = ObjectRules.bytes(after);
      typedTable(type).put(key, KubernetesJson.read(value, type.javaType()));
    }
    StoreRecord record =
        new StoreRecord(type.resource(), key, value, revision, clock.get().toEpochMilli());
    committed.add(record);
    afterCommit.accept(record);
  }

  /** Creates an object as a client would. */
  public <T extends HasMetadata> T create(ResourceType<T> type, T object) {
    object.setApiVersion(type.apiVersion());
    ObjectNode body = KubernetesJson.tree(object);
    body.put("kind", type.kind());
    String key = ObjectKeys.keyOf(object);
    insert(type, key, body);
    return get(type, key).orElseThrow();
  }

  /** Creates an object as a client would that knows no classes. */
  public void createTree(ResourceType<?> type, String key, JsonNode object) {
    ObjectNode body = object.deepCopy();
    body.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    insert(type, key, body);
  }

  /** Changes an object as a client would; its status is left as it is. */
  public <T extends HasMetadata> void edit(ResourceType<T> type, String key, Consumer<T> edit) {
    replaceEdited(type, key, edit, "");
  }

  /** Changes an object's status; the rest is left as it is. */
  public <T extends HasMetadata> void editStatus(
      ResourceType<T> type, String key, Consumer<T> edit) {
    replaceEdited(type, key, edit, "status");
  }

  /**
   * Changes an object or a subresource of it as a client would that knows no classes.
   *
   * @param subresource empty for the object itself
   */
  public void editTree(
      ResourceType<?> type, String key, String subresource, UnaryOperator<JsonNode> edit) {
    ObjectNode before = existing(type, key);
    replace(type, key, before, edit.apply(before), subresource);
  }

  /** The objects as they are now, in key order; not to be changed. */
  public List<JsonNode> trees(ResourceType<?> type) {
    return List.copyOf(table(type).values());
  }

  private <T extends HasMetadata> void replaceEdited(
      ResourceType<T> type, String key, Consumer<T> edit, String subresource) {
    ObjectNode before = existing(type, key);
    T object = KubernetesJson.read(ObjectRules.bytes(before), type.javaType());
    edit.accept(object);
    replace(type, key, before, KubernetesJson.tree(object), subresource);
  }

  /**
   * Deletes an object as a client would.
   *
   * @param propagationPolicy Background, Foreground or Orphan
   */
  public void delete(ResourceType<?> type, String key, String propagationPolicy) {
    ObjectNode options = KubernetesJson.object().put("propagationPolicy", propagationPolicy);
    delete(type, key, existing(type, key), options);
  }

  /** Removes an object whatever holds it, as a kubelet does with a pod that has ended. */
  public void deleteNow(ResourceType<?> type, String key) {
    delete(type, key, existing(type, key), KubernetesJson.object().put("gracePeriodSeconds", 0));
  }

  /** The object as it is now; not to be changed, see {@link #edit}. */
  public <T extends HasMetadata> Optional<T> get(ResourceType<T> type, String key) {
    return Optional.ofNullable(typedTable(type).get(key)).map(type.javaType()::cast);
  }

  /** The objects as they are now, in key order; not to be changed. */
  public <T extends HasMetadata> List<T> list(ResourceType<T> type) {
    return typedTable(type).values().stream().map(type.javaType()::cast).toList();
  }

  /** Everything committed since the last call, in order. */
  public List<StoreRecord> takeCommitted() {
    List<StoreRecord> records = List.copyOf(committed);
    committed.clear();
    return records;
  }

  private ObjectNode existing(ResourceType<?> type, String key) {
    ObjectNode object = table(type).get(key);
    if (object == null) {
      throw Refusal.notFound(type + " " + key);
    }
    return object;
  }

  private Map<String, ObjectNode> table(ResourceType<?> type) {
    return objects.computeIfAbsent(type.resource(), resource -> new TreeMap<>());
  }

  private Map<String, HasMetadata> typedTable(ResourceType<?> type) {
    return typed.computeIfAbsent(type.resource(), resource -> new TreeMap<>());
  }

  private ResourceType<?> typeOf(Target target) {
    ResourceType<?> type = types.get(StorageResource.of(target.plural(), target.group()));
    if (type == null) {
      throw new IllegalArgumentException("the server does not know " + target);
    }
    return type;
  }
}
