package dev.shiplog.agent.policy;

import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.nft.NftTable.Collection;
import dev.shiplog.agent.policy.PodIsolation.Allowance;
import dev.shiplog.agent.policy.PodIsolation.Anyone;
import dev.shiplog.agent.policy.PodIsolation.Block;
import dev.shiplog.agent.policy.PodIsolation.Peer;
import dev.shiplog.agent.policy.PodIsolation.Pods;
import dev.shiplog.agent.policy.PodIsolation.Ports;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Isolated pods as a table of the packet filter. A packet finds the rules for its sender and its
 * receiver by one look into a map each, however many pods and policies there are; pods that are
 * treated alike share a chain, and a selection of pods is a set whose members change alone.
 *
 * <pre>
 *  forward ──► part of a known connection, or to itself: let through
 *          ──► one of this node's pods that the log does not tell of yet: drop
 *          ──► map of senders ────► chain: what it may reach returns, the rest is dropped
 *          ──► map of receivers ──► chain: who may reach it returns, the rest is dropped
 * </pre>
 */
final class PolicyTable {

  private static final int NAME_BYTES = 10;
  private static final String ADDRESS = "ipv4_addr";

  private final PolicySettings settings;
  private final SortedMap<String, Chain> chains = new TreeMap<>();
  private final SortedMap<String, Collection> sets = new TreeMap<>();
  private final SortedMap<String, String> senders = new TreeMap<>();
  private final SortedMap<String, String> receivers = new TreeMap<>();
  private final SortedMap<String, String> selves = new TreeMap<>();

  private PolicyTable(PolicySettings settings) {
    this.settings = settings;
  }

  /**
   * The table.
   *
   * @param known addresses of this node's pods that the log tells of
   */
  static NftTable of(List<PodIsolation> isolations, List<String> known, PolicySettings settings) {
    PolicyTable table = new PolicyTable(settings);
    isolations.forEach(table::add);
    return table.build(known);
  }

  private void add(PodIsolation pod) {
    pod.ingress()
        .ifPresent(allowed -> receivers.putIfAbsent(pod.ip(), jump("in", "saddr", allowed)));
    pod.egress().ifPresent(allowed -> senders.putIfAbsent(pod.ip(), jump("out", "daddr", allowed)));
    selves.put(pod.ip() + " . " + pod.ip(), "");
  }

  /** To the chain for these allowances, made if there is none yet. */
  private String jump(String role, String side, List<Allowance> allowed) {
    List<String> rules = new ArrayList<>();
    allowed.forEach(allowance -> rules.addAll(rules(side, allowance)));
    rules.add("drop");
    String chain = role + "/" + digest(String.join("\n", rules));
    chains.put(chain, new Chain("", rules));
    return "jump " + chain;
  }

  private List<String> rules(String side, Allowance allowance) {
    String peer = peer(side, allowance.peer());
    return allowance.ports().isEmpty()
        ? List.of(peer + "return")
        : PortRanges.byProtocol(allowance.ports()).entrySet().stream()
            .map(each -> peer + ports(each) + "return")
            .toList();
  }

  private String peer(String side, Peer peer) {
    return switch (peer) {
      case Anyone anyone -> "";
      case Pods(String selection, var ips) -> {
        String name = "peers/" + digest(selection);
        SortedMap<String, String> elements = new TreeMap<>();
        ips.forEach(ip -> elements.put(ip, ""));
        sets.put(name, new Collection("set", ADDRESS, elements));
        yield "ip %s @%s ".formatted(side, name);
      }
      case Block(String cidr, List<String> except) -> {
        StringBuilder match = new StringBuilder("ip %s %s ".formatted(side, cidr));
        except.forEach(block -> match.append("ip %s != %s ".formatted(side, block)));
        yield match.toString();
      }
    };
  }

  private static String ports(Map.Entry<String, List<Ports>> ofProtocol) {
    String protocol = "meta l4proto %s ".formatted(ofProtocol.getKey());
    if (ofProtocol.getValue().stream().anyMatch(Ports::isAll)) {
      return protocol;
    }
    List<String> ranges =
        ofProtocol.getValue().stream()
            .map(it -> it.first() == it.last() ? "" + it.first() : it.first() + "-" + it.last())
            .toList();
    return protocol + "th dport { %s } ".formatted(String.join(", ", ranges));
  }

  private NftTable build(List<String> known) {
    SortedMap<String, String> knownPods = new TreeMap<>();
    known.forEach(ip -> knownPods.put(ip, ""));
    sets.put("known", new Collection("set", ADDRESS, knownPods));
    sets.put("selves", new Collection("set", ADDRESS + " . " + ADDRESS, selves));
    sets.put("senders", new Collection("map", ADDRESS + " : verdict", senders));
    sets.put("receivers", new Collection("map", ADDRESS + " : verdict", receivers));
    chains.put(
        "forward",
        new Chain("type filter hook forward priority filter; policy accept;", forward()));
    return new NftTable(settings.table(), sets, chains);
  }

  /** Without isolated pods nothing is looked at. */
  private List<String> forward() {
    if (senders.isEmpty() && receivers.isEmpty()) {
      return List.of();
    }
    List<String> rules = new ArrayList<>();
    rules.add("ct state established,related accept");
    rules.add("ip saddr . ip daddr @selves accept");
    if (!settings.podSubnet().isEmpty()) {
      for (String side : List.of("saddr", "daddr")) {
        rules.add("ip %1$s %2$s ip %1$s != @known drop".formatted(side, settings.podSubnet()));
      }
    }
    rules.add("ip saddr vmap @senders");
    rules.add("ip daddr vmap @receivers");
    return rules;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
