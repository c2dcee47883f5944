package dev.shiplog.agent.proxy;

import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.Guarded;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From the rules of one service to what it adds to the table. */
final class FragmentMaker {

  private final SortedMap<String, Chain> chains = new TreeMap<>();
  private final SortedMap<String, String> byAddress = new TreeMap<>();
  private final SortedMap<String, String> byNodePort = new TreeMap<>();
  private final SortedMap<String, String> clusterIps = new TreeMap<>();
  private final SortedMap<String, String> refusedAddresses = new TreeMap<>();
  private final SortedMap<String, String> refusedPorts = new TreeMap<>();
  private final SortedMap<String, String> hairpins = new TreeMap<>();

  private FragmentMaker() {}

  static ServiceFragment make(List<ServicePortRule> rules) {
    var maker = new FragmentMaker();
    rules.forEach(maker::add);
    return maker.fragment();
  }

  private ServiceFragment fragment() {
    var elements = new TreeMap<String, SortedMap<String, String>>();
    elements.put(ProxyTable.SERVICES, byAddress);
    elements.put(ProxyTable.NODE_PORTS, byNodePort);
    elements.put(ProxyTable.CLUSTER_IPS, clusterIps);
    elements.put(ProxyTable.REFUSED_ADDRESSES, refusedAddresses);
    elements.put(ProxyTable.REFUSED_PORTS, refusedPorts);
    elements.put(ProxyTable.HAIRPINS, hairpins);
    elements.values().removeIf(Map::isEmpty);
    return new ServiceFragment(chains, elements);
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
              rule,
              chain,
              List.of("meta mark set meta mark | " + ProxyTable.MARK, dnat(rule, endpoints)));
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
}
