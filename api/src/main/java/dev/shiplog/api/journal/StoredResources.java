package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.seal.Sealing;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What is stored, and what is known of it.
 *
 * @param resources those whose store topics are read at the start
 * @param declared those that objects in a state declare: custom resources; their topics are read
 *     after the others
 * @param indexer finds the values of field selectors
 * @param rules what must hold over all objects, in the order they are checked
 * @param sealing which values are sealed, and the keys that open them
 */
public record StoredResources(
    Collection<StorageResource> resources,
    Function<Snapshot, Collection<StorageResource>> declared,
    ObjectIndexer indexer,
    List<CommitRule> rules,
    Sealing sealing) {

  public StoredResources {
    resources = Set.copyOf(resources);
    rules = List.copyOf(rules);
  }

  /** With nothing sealed. */
  public StoredResources(
      Collection<StorageResource> resources,
      Function<Snapshot, Collection<StorageResource>> declared,
      ObjectIndexer indexer,
      List<CommitRule> rules) {
    this(resources, declared, indexer, rules, Sealing.NONE);
  }

  /** Resources none of which declares another. */
  public StoredResources(
      Collection<StorageResource> resources, ObjectIndexer indexer, List<CommitRule> rules) {
    this(resources, state -> List.of(), indexer, rules);
  }
}
