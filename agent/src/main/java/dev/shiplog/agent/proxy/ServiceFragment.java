package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable.Chain;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one service adds to the table. Nobody changes the maps.
 *
 * @param chains its own; no other service has one of their names
 * @param elements what it claims in sets and maps, by their name; others may claim the same
 */
record ServiceFragment(
    SortedMap<String, Chain> chains, Map<String, SortedMap<String, String>> elements) {

  static final ServiceFragment NOTHING = new ServiceFragment(new TreeMap<>(), Map.of());
}
