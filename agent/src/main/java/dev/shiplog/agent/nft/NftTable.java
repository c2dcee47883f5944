package dev.shiplog.agent.nft;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table of the kernel's packet filter, of family {@code ip}.
 *
 * @param name of the table
 * @param collections its sets and maps by name
 * @param chains its chains by name
 */
public record NftTable(
    String name, SortedMap<String, Collection> collections, SortedMap<String, Chain> chains) {

  public NftTable {
    collections = Collections.unmodifiableSortedMap(new TreeMap<>(collections));
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
  }

  /**
   * A set or map.
   *
   * @param kind {@code set} or {@code map}
   * @param type of its keys and, in a map, values
   * @param elements values by key; empty values in a set
   */
  public record Collection(String kind, String type, SortedMap<String, String> elements) {

    public Collection {
      elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
    }
  }

  /**
   * A chain.
   *
   * @param hook where the kernel enters it; empty if only other chains do
   * @param rules in order
   */
  public record Chain(String hook, List<String> rules) {

    public Chain {
      rules = List.copyOf(rules);
    }
  }
}
