package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.NftTable.Chain;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table as services come and go. It knows for each element which services claim it, so that a
 * change costs what changed and not what there is. Used by one thread.
 */
final class LiveTable {

  private final NftTable frame;
  private final SortedMap<String, ServiceFragment> fragments = new TreeMap<>();

  /** Who claims what, by set or map, then element, then service. */
  private final Map<String, Map<String, SortedMap<String, String>>> claims = new HashMap<>();

  private Touched touched = new Touched();

  LiveTable(NftTable frame) {
    this.frame = frame;
    frame.collections().keySet().forEach(name -> claims.put(name, new HashMap<>()));
  }

  /** What was touched since the last script, as it was before. */
  private static final class Touched {
    private final SortedMap<String, Chain> chainsBefore = new TreeMap<>();
    private final SortedMap<String, Chain> chainsNow = new TreeMap<>();
    private final Map<String, SortedMap<String, Optional<String>>> elements = new TreeMap<>();
  }

  /** Has a service be so; at most once for each service between two scripts. */
  void put(String service, ServiceFragment now) {
    ServiceFragment before = fragments.getOrDefault(service, ServiceFragment.NOTHING);
    if (now.equals(ServiceFragment.NOTHING)) {
      fragments.remove(service);
    } else {
      fragments.put(service, now);
    }
    touched.chainsBefore.putAll(before.chains());
    touched.chainsNow.putAll(now.chains());
    before
        .elements()
        .forEach((name, some) -> some.keySet().forEach(key -> withdraw(name, key, service)));
    now.elements()
        .forEach((name, some) -> some.forEach((key, value) -> claim(name, key, service, value)));
  }

  private void withdraw(String name, String key, String service) {
    touch(name, key);
    claims
        .get(name)
        .computeIfPresent(
            key,
            (_, claimants) -> {
              claimants.remove(service);
              return claimants.isEmpty() ? null : claimants;
            });
  }

  private void claim(String name, String key, String service, String value) {
    touch(name, key);
    claims.get(name).computeIfAbsent(key, _ -> new TreeMap<>()).put(service, value);
  }

  private void touch(String name, String key) {
    touched
        .elements
        .computeIfAbsent(name, _ -> new TreeMap<>())
        .computeIfAbsent(key, _ -> value(name, key));
  }

  /** Of services that claim the same the first by name has it. */
  private Optional<String> value(String name, String key) {
    SortedMap<String, String> claimants = claims.get(name).get(key);
    return claimants == null ? Optional.empty() : Optional.of(claimants.firstEntry().getValue());
  }

  NftTable whole() {
    return ProxyTable.of(frame, fragments.values());
  }

  /** What makes this table of what it was at the last call; empty if that is nothing. */
  String takeScript() {
    var before = new TreeMap<String, SortedMap<String, String>>();
    var now = new TreeMap<String, SortedMap<String, String>>();
    touched.elements.forEach((name, keys) -> {
      var valuesBefore = before.computeIfAbsent(name, _ -> new TreeMap<>());
      var valuesNow = now.computeIfAbsent(name, _ -> new TreeMap<>());
      keys.forEach((key, value) -> {
        value.ifPresent(it -> valuesBefore.put(key, it));
        value(name, key).ifPresent(it -> valuesNow.put(key, it));
      });
    });
    // The script says only what differs, so two tables of what was touched do for the whole.
    String script =
        NftScript.change(part(before, touched.chainsBefore), part(now, touched.chainsNow));
    touched = new Touched();
    return script;
  }

  private NftTable part(
      SortedMap<String, SortedMap<String, String>> elements, SortedMap<String, Chain> some) {
    var chains = new TreeMap<>(frame.chains());
    chains.putAll(some);
    return ProxyTable.withElements(frame, elements, chains);
  }
}
