package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectIndexer;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What is stored, and what is known of it.
 *
 * @param resources those whose store topics are read at the start
 * @param indexer finds the values of field selectors
 * @param rules what must hold over all objects, in the order they are checked
 */
public record StoredResources(
    Collection<StorageResource> resources, ObjectIndexer indexer, List<CommitRule> rules) {

  public StoredResources {
    resources = Set.copyOf(resources);
    rules = List.copyOf(rules);
  }
}
