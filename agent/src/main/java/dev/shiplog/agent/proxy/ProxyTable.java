package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.nft.NftTable.Collection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules as a table of the packet filter. A packet finds its service by one look into a map, however
 * many services there are; the service's own chain then picks an endpoint.
 *
 * <pre>
 *  prerouting, output ──► dispatch ──map──► service/… ─────────► dnat to an endpoint
 *                                    └────► outside/… ── mark ─► dnat to an endpoint
 *  still for a cluster address afterwards ──► refuse
 *  postrouting: marked, or to itself ──► masquerade
 * </pre>
 */
final class ProxyTable {

  static final String MARK = "0x4000";

  static final String SERVICES = "services";
  static final String NODE_PORTS = "node-ports";
  static final String CLUSTER_IPS = "cluster-ips";
  static final String REFUSED_ADDRESSES = "refused-addresses";
  static final String REFUSED_PORTS = "refused-ports";
  static final String HAIRPINS = "hairpins";

  private static final String ADDRESS_KEY = "ipv4_addr . inet_proto . inet_service";
  private static final String PORT_KEY = "inet_proto . inet_service";

  private final ProxySettings settings;
  private final SortedMap<String, Chain> chains = new TreeMap<>();

  private ProxyTable(ProxySettings settings) {
    this.settings = settings;
  }

  /** The table without any service. */
  static NftTable frame(ProxySettings settings) {
    var table = new ProxyTable(settings);
    table.addFrame();
    return table.build();
  }

  /**
   * The table with these services. Of two that claim one address the first has it, as long as it is
   * there.
   *
   * @param fragments in the order of the services' names
   */
  static NftTable of(NftTable frame, Iterable<ServiceFragment> fragments) {
    var chains = new TreeMap<>(frame.chains());
    var elements = new TreeMap<String, SortedMap<String, String>>();
    frame.collections().keySet().forEach(name -> elements.put(name, new TreeMap<>()));
    for (ServiceFragment fragment : fragments) {
      chains.putAll(fragment.chains());
      fragment
          .elements()
          .forEach((name, some) -> {
            Map<String, String> all = elements.get(name);
            some.forEach(all::putIfAbsent);
          });
    }
    return withElements(frame, elements, chains);
  }

  /** A table of the frame's sets and maps with these elements, and of these chains. */
  static NftTable withElements(
      NftTable frame,
      SortedMap<String, SortedMap<String, String>> elements,
      SortedMap<String, Chain> chains) {
    var collections = new TreeMap<String, Collection>();
    frame
        .collections()
        .forEach((name, it) ->
            collections.put(
                name,
                new Collection(
                    it.kind(), it.type(), elements.getOrDefault(name, new TreeMap<>()))));
    return new NftTable(frame.name(), collections, chains);
  }

  private NftTable build() {
    var collections = new TreeMap<String, Collection>();
    addCollection(collections, SERVICES, "map", ADDRESS_KEY + " : verdict");
    addCollection(collections, NODE_PORTS, "map", PORT_KEY + " : verdict");
    addCollection(collections, CLUSTER_IPS, "set", "ipv4_addr");
    addCollection(collections, REFUSED_ADDRESSES, "set", ADDRESS_KEY);
    addCollection(collections, REFUSED_PORTS, "set", PORT_KEY);
    addCollection(collections, HAIRPINS, "set", "ipv4_addr . ipv4_addr");
    return new NftTable(settings.table(), collections, chains);
  }

  private static void addCollection(
      SortedMap<String, Collection> collections, String name, String kind, String type) {
    collections.put(name, new Collection(kind, type, new TreeMap<>()));
  }

  private void addFrame() {
    chains.put(
        "dispatch",
        new Chain(
            "",
            List.of(
                "ip daddr . meta l4proto . th dport vmap @services",
                "fib daddr type local meta l4proto . th dport vmap @node-ports")));
    chains.put(
        "refuse", new Chain("", List.of("meta l4proto tcp reject with tcp reset", "reject")));
    addHook("prerouting", "nat hook prerouting priority dstnat", "jump dispatch");
    addHook("output", "nat hook output priority -100", "jump dispatch");
    // Behind the two above: what still goes to a service's address found no endpoint there.
    List<String> refusals =
        List.of(
            "ip daddr @cluster-ips goto refuse",
            "ip daddr . meta l4proto . th dport @refused-addresses goto refuse",
            "fib daddr type local meta l4proto . th dport @refused-ports goto refuse");
    addHook("refuse-prerouting", "filter hook prerouting priority -90", refusals);
    addHook("refuse-output", "filter hook output priority -90", refusals);
    // Node ports on 127.0.0.1 need route_localnet, which must not open that network to others.
    addHook(
        "guard-localhost",
        "filter hook prerouting priority raw",
        "iifname != \"lo\" ip daddr 127.0.0.0/8 drop");
    addHook("postrouting", "nat hook postrouting priority srcnat", masquerading());
  }

  private List<String> masquerading() {
    var rules = new ArrayList<String>();
    rules.add("meta mark & %1$s == %1$s meta mark set meta mark ^ %1$s masquerade".formatted(MARK));
    // A pod that reaches itself would answer itself directly, past the translation.
    rules.add("ct status dnat ip saddr . ip daddr @hairpins masquerade");
    rules.add("ct status dnat ip saddr 127.0.0.0/8 masquerade");
    rules.add(
        "ct status dnat ct original ip daddr @cluster-ips ip saddr != %s fib saddr type != local"
                .formatted(settings.clusterSubnet())
            + " masquerade");
    return rules;
  }

  private void addHook(String name, String hook, String rule) {
    addHook(name, hook, List.of(rule));
  }

  private void addHook(String name, String hook, List<String> rules) {
    chains.put(name, new Chain("type %s; policy accept;".formatted(hook), rules));
  }
}
