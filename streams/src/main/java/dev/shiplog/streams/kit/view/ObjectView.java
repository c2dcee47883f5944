package dev.shiplog.streams.kit.view;

import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.topics.record.JsonBytes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects of one resource, taken from the records of its store topic. A record is read into its
 * object once, on arrival. Owned by one thread at a time.
 */
public final class ObjectView<T extends HasMetadata> implements ResourceView<T> {

  /** How many deletions are remembered. */
  private static final int GRAVES_MAX = 10_000;

  private final ResourceType<T> type;
  private final TreeMap<String, Held<T>> objects = new TreeMap<>();
  private final Map<String, T> byUid = new HashMap<>();
  private final IndexTable<T> byOwner = new IndexTable<>(ObjectView::ownerUids);
  private final Map<Index<T>, IndexTable<T>> indexes = new HashMap<>();
  private final Graves deletedUids = new Graves(GRAVES_MAX);
  private final Graves deletedKeys = new Graves(GRAVES_MAX);
  private long revision;

  private record Held<T>(T object, long changedMs) {}

  public ObjectView(ResourceType<T> type) {
    this.type = type;
  }

  /** Keeps an index from now on; what is there already is put in. */
  public void declare(Index<T> index) {
    indexes.computeIfAbsent(
        index,
        added -> {
          IndexTable<T> table = new IndexTable<>(added.values());
          objects.forEach((key, held) -> table.replace(key, null, held.object()));
          return table;
        });
  }

  /**
   * Takes in a record of the store topic.
   *
   * @param json null for a tombstone
   * @param recordRevision from the record's headers; 0 where unknown
   * @return what changed; empty if the record is not newer than what was read before, or deletes
   *     what was not there
   * @throws java.io.UncheckedIOException if the value is no object of this resource
   */
  public Optional<ObjectChange<T>> apply(
      String key, byte[] json, long recordRevision, long timestampMs) {
    T after = json == null ? null : read(json);
    long changeRevision = recordRevision == 0 ? revisionOf(after) : recordRevision;
    if (changeRevision != 0 && changeRevision <= revision) {
      return Optional.empty();
    }
    revision = Math.max(revision, changeRevision);
    Held<T> held = after == null ? objects.remove(key) : put(key, after, timestampMs);
    T before = held == null ? null : held.object();
    if (after == null) {
      deletedKeys.add(key);
    } else {
      deletedKeys.remove(key);
    }
    if (before == null && after == null) {
      return Optional.empty();
    }
    index(key, before, after);
    return Optional.of(new ObjectChange<>(type, key, before, after, changeRevision));
  }

  /** Who set which fields is of no use to an application. */
  private T read(byte[] json) {
    byte[] read = JsonBytes.withoutManagedFields(json);
    return type.trim().apply(KubernetesJson.read(read, type.javaType()));
  }

  private Held<T> put(String key, T after, long timestampMs) {
    return objects.put(key, new Held<>(after, timestampMs));
  }

  private void index(String key, T before, T after) {
    if (before != null && !sameUid(before, after)) {
      byUid.remove(before.getMetadata().getUid());
      deletedUids.add(before.getMetadata().getUid());
    }
    if (after != null) {
      byUid.put(after.getMetadata().getUid(), after);
    }
    byOwner.replace(key, before, after);
    indexes.values().forEach(table -> table.replace(key, before, after));
  }

  @Override
  public ResourceType<T> type() {
    return type;
  }

  @Override
  public Optional<T> get(String key) {
    return Optional.ofNullable(objects.get(key)).map(Held::object);
  }

  @Override
  public Optional<T> byUid(String uid) {
    return Optional.ofNullable(byUid.get(uid));
  }

  @Override
  public Collection<T> all() {
    return objectsOf(objects);
  }

  @Override
  public Collection<T> inNamespace(String namespace) {
    return objectsOf(objects.subMap(namespace + "/", namespace + "0")); // '0' comes after '/'
  }

  @Override
  public boolean anyInNamespace(String namespace) {
    String first = objects.ceilingKey(namespace + "/");
    return first != null && first.startsWith(namespace + "/");
  }

  @Override
  public Collection<T> ownedBy(String uid) {
    return byOwner.find(uid);
  }

  @Override
  public Collection<T> find(Index<T> index, String value) {
    return table(index).find(value);
  }

  @Override
  public int count(Index<T> index, String value) {
    return table(index).count(value);
  }

  private IndexTable<T> table(Index<T> index) {
    IndexTable<T> table = indexes.get(index);
    if (table == null) {
      throw new IllegalArgumentException(
          "no index " + index.name() + " of " + type + " was declared");
    }
    return table;
  }

  @Override
  public Optional<Instant> changedAt(String key) {
    return Optional.ofNullable(objects.get(key))
        .map(held -> Instant.ofEpochMilli(held.changedMs()));
  }

  @Override
  public boolean sawDeletionOf(String uid) {
    return deletedUids.contains(uid);
  }

  @Override
  public boolean recentlyDeleted(String key) {
    return deletedKeys.contains(key);
  }

  @Override
  public int size() {
    return objects.size();
  }

  @Override
  public long revision() {
    return revision;
  }

  private Collection<T> objectsOf(Map<String, Held<T>> held) {
    return held.values().stream().map(Held::object).toList();
  }

  private static boolean sameUid(HasMetadata before, HasMetadata after) {
    return after != null && before.getMetadata().getUid().equals(after.getMetadata().getUid());
  }

  private static List<String> ownerUids(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
  }

  private static long revisionOf(HasMetadata object) {
    String text = object == null ? null : object.getMetadata().getResourceVersion();
    return text == null ? 0 : Long.parseLong(text);
  }
}
