package dev.shiplog.api.view;

import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.StoredObject;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All objects of one resource in key order, with their indexes. Immutable: a change gives a new
 * table that shares nearly everything with the old one.
 */
final class ResourceTable {

  static final ResourceTable EMPTY = new ResourceTable(TreePMap.empty(), HashTreePMap.empty(), 0);

  /** Sorts behind every name in the namespace before it: the character that follows '/'. */
  private static final char AFTER_SLASH = '/' + 1;

  private final TreePMap<String, EncodedObject> objects;
  private final HashPMap<String, Index> indexes;
  private final long lastRevision;

  private ResourceTable(
      TreePMap<String, EncodedObject> objects, HashPMap<String, Index> indexes, long lastRevision) {
    this.objects = objects;
    this.indexes = indexes;
    this.lastRevision = lastRevision;
  }

  EncodedObject get(String key) {
    return objects.get(key);
  }

  /** The revision of the last change, whether its object is still there or not. */
  long lastRevision() {
    return lastRevision;
  }

  int count(String namespace) {
    return inNamespace(namespace).size();
  }

  Iterator<StoredObject> list(String namespace, String afterKey) {
    TreePMap<String, EncodedObject> range = inNamespace(namespace);
    if (!afterKey.isEmpty()) {
      range = range.tailMap(afterKey, false);
    }
    return new ObjectIterator(range.values().iterator());
  }

  Collection<StoredObject> byIndex(String index, String value) {
    Index found = indexes.get(index);
    return new Indexed(this, found == null ? TreePSet.empty() : found.keysOf(value));
  }

  Map<String, Quantity> total(String index, String value) {
    return indexes.getOrDefault(index, Index.EMPTY).total(value);
  }

  /** The table with this object, in place of what had its key. */
  ResourceTable plus(EncodedObject object) {
    EncodedObject before = objects.get(object.keyText());
    return new ResourceTable(
        objects.plus(object.keyText(), object),
        reindexed(object.keyText(), before, object),
        Math.max(lastRevision, object.revision()));
  }

  /** The table without what has this key, since the revision. */
  ResourceTable minus(String key, long revision) {
    EncodedObject before = objects.get(key);
    return new ResourceTable(
        objects.minus(key), reindexed(key, before, null), Math.max(lastRevision, revision));
  }

  /** The table with another revision of its last change. */
  ResourceTable withLastRevision(long revision) {
    return new ResourceTable(objects, indexes, revision);
  }

  private TreePMap<String, EncodedObject> inNamespace(String namespace) {
    return namespace.isEmpty()
        ? objects
        : objects.subMap(namespace + '/', true, namespace + AFTER_SLASH, false);
  }

  private HashPMap<String, Index> reindexed(String key, EncodedObject before, EncodedObject after) {
    Attributes old = before == null ? null : before.attributes();
    Attributes now = after == null ? null : after.attributes();
    if (Objects.equals(old, now)) {
      return indexes;
    }
    Set<Posting> removed = old == null ? Set.of() : old.postings();
    Set<Posting> added = now == null ? Set.of() : now.postings();
    HashPMap<String, Index> result = indexes;
    for (Posting posting : removed) {
      if (!added.contains(posting)) {
        Index index = result.get(posting.index());
        result = result.plus(posting.index(), index.minus(posting, key));
      }
    }
    for (Posting posting : added) {
      if (!removed.contains(posting)) {
        Index index = result.getOrDefault(posting.index(), Index.EMPTY);
        result = result.plus(posting.index(), index.plus(posting, key));
      }
    }
    return result;
  }

  private record ObjectIterator(Iterator<EncodedObject> iterator)
      implements Iterator<StoredObject> {
    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public StoredObject next() {
      return iterator.next();
    }
  }

  /** Looks objects up only as they are asked for. */
  private static final class Indexed extends AbstractCollection<StoredObject> {
    private final ResourceTable table;
    private final TreePSet<String> keys;

    Indexed(ResourceTable table, TreePSet<String> keys) {
      this.table = table;
      this.keys = keys;
    }

    @Override
    public int size() {
      return keys.size();
    }

    @Override
    public Iterator<StoredObject> iterator() {
      Iterator<String> key = keys.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return key.hasNext();
        }

        @Override
        public StoredObject next() {
          return table.get(key.next());
        }
      };
    }
  }
}
