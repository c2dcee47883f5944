package dev.shiplog.scheduler.queue;

import java.util.Set;

/**
 * What turned a pod down.
 *
 * @param plugins all that did, to be told
 * @param byClusterFilters those among them that are asked by themselves whether a change helps
 * @param byShape whether shape filters are among them
 */
public record TurnedDown(Set<String> plugins, Set<String> byClusterFilters, boolean byShape) {

  public TurnedDown {
    plugins = Set.copyOf(plugins);
    byClusterFilters = Set.copyOf(byClusterFilters);
  }

  /** By one plugin once it had a node. */
  public static TurnedDown late(String plugin) {
    return new TurnedDown(Set.of(plugin), Set.of(plugin), false);
  }
}
