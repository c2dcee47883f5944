package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.nft.NftTable.Collection;
import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.Guarded;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  private static final String MARK = "0x4000";
  private static final String ADDRESS_KEY = "ipv4_addr . inet_proto . inet_service";
  private static final String PORT_KEY = "inet_proto . inet_service";

  private final ProxySettings settings;
  private final SortedMap<String, Chain> chains = new TreeMap<>();
  private final SortedMap<String, String> byAddress = new TreeMap<>();
  private final SortedMap<String, String> byNodePort = new TreeMap<>();
  private final SortedMap<String, String> clusterIps = new TreeMap<>();
  private final SortedMap<String, String> refusedAddresses = new TreeMap<>();
  private final SortedMap<String, String> refusedPorts = new TreeMap<>();
  private final SortedMap<String, String> hairpins = new TreeMap<>();

  private ProxyTable(ProxySettings settings) {
    this.settings = settings;
  }

  static NftTable of(RuleSet rules, ProxySettings settings) {
    var table = new ProxyTable(settings);
    table.addFrame();
    rules.rules().forEach(table::add);
    return table.build();
  }

  private NftTable build() {
    var collections = new TreeMap<String, Collection>();
    collections.put("services", new Collection("map", ADDRESS_KEY + " : verdict", byAddress));
    collections.put("node-ports", new Collection("map", PORT_KEY + " : verdict", byNodePort));
    collections.put("cluster-ips", new Collection("set", "ipv4_addr", clusterIps));
    collections.put("refused-addresses", new Collection("set", ADDRESS_KEY, refusedAddresses));
    collections.put("refused-ports", new Collection("set", PORT_KEY, refusedPorts));
    collections.put("hairpins", new Collection("set", "ipv4_addr . ipv4_addr", hairpins));
    return new NftTable(settings.table(), collections, chains);
  }

  private void add(ServicePortRule rule) {
    rule.clusterIps().forEach(ip -> clusterIps.put(ip, ""));
    Stream.concat(rule.inside().stream(), rule.outside().endpoints().stream())
        .forEach(endpoint -> hairpins.put(endpoint.ip() + " . " + endpoint.ip(), ""));
    addInside(rule);
    if (rule.nodePort() != 0 || !rule.externalIps().isEmpty()) {
      addOutside(rule);
    }
  }

  private void addInside(ServicePortRule rule) {
    String chain = chain("service", rule);
    if (!rule.inside().isEmpty()) {
      chains.put(chain, new Chain("", List.of(dnat(rule, rule.inside()))));
      // Two services that claim one address: the first by name has it, as long as it is there.
      rule.clusterIps().forEach(ip -> byAddress.putIfAbsent(key(ip, rule), "goto " + chain));
    }
  }

  private void addOutside(ServicePortRule rule) {
    String chain = chain("outside", rule);
    switch (rule.outside()) {
      case Anywhere(List<Endpoint> endpoints) when endpoints.isEmpty() -> {
        rule.externalIps().forEach(ip -> refusedAddresses.put(key(ip, rule), ""));
        if (rule.nodePort() != 0) {
          refusedPorts.put(nodePortKey(rule), "");
        }
      }
      case Anywhere(List<Endpoint> endpoints) ->
          addEntries(
              rule, chain, List.of("meta mark set meta mark | " + MARK, dnat(rule, endpoints)));
      case ThisNode(List<Endpoint> endpoints) when endpoints.isEmpty() ->
          addEntries(rule, chain, List.of("drop"));
      case ThisNode(List<Endpoint> endpoints) ->
          addEntries(rule, chain, List.of(dnat(rule, endpoints)));
    }
  }

  private void addEntries(ServicePortRule rule, String chain, List<String> rules) {
    chains.put(chain, new Chain("", rules));
    List<String> guarded = rule.guarded().map(Guarded::ips).orElse(List.of());
    rule.guarded().ifPresent(guard -> addGuard(rule, guard, chain));
    rule.externalIps().stream()
        .filter(ip -> !guarded.contains(ip))
        .forEach(ip -> byAddress.putIfAbsent(key(ip, rule), "goto " + chain));
    if (rule.nodePort() != 0) {
      byNodePort.putIfAbsent(nodePortKey(rule), "goto " + chain);
    }
  }

  /** The node itself, and its pods on the way through it, are held to it like anybody. */
  private void addGuard(ServicePortRule rule, Guarded guard, String chain) {
    String guarding = chain("guard", rule);
    List<String> rules =
        Stream.concat(
                guard.sources().stream().map(it -> "ip saddr %s goto %s".formatted(it, chain)),
                Stream.of("drop"))
            .toList();
    chains.put(guarding, new Chain("", rules));
    guard.ips().forEach(ip -> byAddress.putIfAbsent(key(ip, rule), "goto " + guarding));
  }

  private static String chain(String role, ServicePortRule rule) {
    return "%s/%s/%s/%d".formatted(role, rule.service(), rule.protocol().lower(), rule.port());
  }

  private static String key(String ip, ServicePortRule rule) {
    return "%s . %s . %d".formatted(ip, rule.protocol().lower(), rule.port());
  }

  private static String nodePortKey(ServicePortRule rule) {
    return "%s . %d".formatted(rule.protocol().lower(), rule.nodePort());
  }

  /**
   * A client is kept with its endpoint by a hash of its address instead of a memory of it: this
   * survives any rewriting of the rules, and it needs no time-out.
   */
  private static String dnat(ServicePortRule rule, List<Endpoint> endpoints) {
    String protocol = "meta l4proto " + rule.protocol().lower() + " dnat ip to ";
    if (endpoints.size() == 1) {
      return protocol + endpoints.getFirst().ip() + ":" + endpoints.getFirst().port();
    }
    String choice = rule.sticky() ? "jhash ip saddr mod %d seed 0x5109" : "numgen random mod %d";
    return protocol
        + choice.formatted(endpoints.size())
        + IntStream.range(0, endpoints.size())
            .mapToObj(
                i -> "%d : %s . %d".formatted(i, endpoints.get(i).ip(), endpoints.get(i).port()))
            .collect(Collectors.joining(", ", " map { ", " }"));
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
