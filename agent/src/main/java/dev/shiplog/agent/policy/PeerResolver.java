package dev.shiplog.agent.policy;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.policy.PodIsolation.Allowance;
import dev.shiplog.agent.policy.PodIsolation.Anyone;
import dev.shiplog.agent.policy.PodIsolation.Block;
import dev.shiplog.agent.policy.PodIsolation.Peer;
import dev.shiplog.agent.policy.PodIsolation.Pods;
import dev.shiplog.agent.policy.PodIsolation.Ports;
import dev.shiplog.agent.proxy.Ipv4;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the pods and ports that the rules of policies name, in one view. Each selection is made
 * once, however many policies and pods ask for it. Used by one thread.
 */
final class PeerResolver {

  private static final String TCP = "TCP";

  private final PolicyView view;
  private final Map<String, List<PolicyPod>> selections = new HashMap<>();

  PeerResolver(PolicyView view) {
    this.view = view;
  }

  /** What a rule lets into a pod. */
  Stream<Allowance> ingress(
      String namespace,
      List<NetworkPolicyPeer> from,
      List<NetworkPolicyPort> ports,
      PolicyPod pod) {
    List<Ports> numbers = ports.stream().flatMap(port -> numbers(port, pod).stream()).toList();
    return numbers.isEmpty() && !ports.isEmpty()
        ? Stream.empty()
        : peers(namespace, from).map(peer -> new Allowance(peer, numbers));
  }

  /** What a rule lets out. Ports with names mean a number of each of the other pods. */
  Stream<Allowance> egress(
      String namespace, List<NetworkPolicyPeer> to, List<NetworkPolicyPort> ports) {
    List<Ports> plain =
        ports.stream().filter(port -> !isNamed(port)).map(PeerResolver::plain).toList();
    Stream<Allowance> numbered =
        plain.isEmpty() && !ports.isEmpty()
            ? Stream.empty()
            : peers(namespace, to).map(peer -> new Allowance(peer, plain));
    Stream<Allowance> named =
        ports.stream()
            .filter(PeerResolver::isNamed)
            .flatMap(port -> selections(namespace, to).flatMap(some -> byNumber(some, port)));
    return Stream.concat(numbered, named);
  }

  private Stream<Peer> peers(String namespace, List<NetworkPolicyPeer> peers) {
    return peers.isEmpty()
        ? Stream.of(new Anyone())
        : peers.stream().flatMap(peer -> peer(namespace, peer).stream());
  }

  private Optional<Peer> peer(String namespace, NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      return block(peer.getIpBlock());
    }
    String selection = name(namespace, peer);
    return Optional.of(new Pods(selection, ips(select(selection, namespace, peer))));
  }

  private static Optional<Peer> block(IPBlock block) {
    List<String> except = block.getExcept() == null ? List.of() : block.getExcept();
    return Ipv4.isBlock(block.getCidr())
        ? Optional.of(new Block(block.getCidr(), except.stream().filter(Ipv4::isBlock).toList()))
        : Optional.empty();
  }

  /** Pods that a rule means, with what selected them. */
  private record Selection(String name, List<PolicyPod> pods) {}

  /** A rule without peers means every pod; blocks of addresses have no named ports. */
  private Stream<Selection> selections(String namespace, List<NetworkPolicyPeer> peers) {
    if (peers.isEmpty()) {
      return Stream.of(new Selection("", List.copyOf(view.pods().values())));
    }
    return peers.stream()
        .filter(peer -> peer.getIpBlock() == null)
        .map(peer -> {
          String name = name(namespace, peer);
          return new Selection(name, select(name, namespace, peer));
        });
  }

  private static Stream<Allowance> byNumber(Selection selection, NetworkPolicyPort port) {
    String key = protocol(port) + "/" + port.getPort().getStrVal();
    SortedMap<Integer, List<PolicyPod>> byNumber = new TreeMap<>();
    for (PolicyPod pod : selection.pods()) {
      Integer number = pod.ports().get(key);
      if (number != null) {
        byNumber.computeIfAbsent(number, n -> new ArrayList<>()).add(pod);
      }
    }
    return byNumber.entrySet().stream()
        .map(each ->
            new Allowance(
                new Pods(selection.name() + " " + key + " " + each.getKey(), ips(each.getValue())),
                List.of(range(protocol(port), each.getKey(), each.getKey()))));
  }

  private static SortedSet<String> ips(List<PolicyPod> pods) {
    SortedSet<String> ips = new TreeSet<>();
    pods.forEach(pod -> ips.add(pod.ip()));
    return ips;
  }

  private static String name(String namespace, NetworkPolicyPeer peer) {
    String own = peer.getNamespaceSelector() == null ? namespace : "";
    return own + " " + KubernetesJson.write(peer);
  }

  private List<PolicyPod> select(String name, String namespace, NetworkPolicyPeer peer) {
    return selections.computeIfAbsent(
        name,
        n -> view.pods().values().stream().filter(pod -> isMeant(pod, namespace, peer)).toList());
  }

  private boolean isMeant(PolicyPod pod, String namespace, NetworkPolicyPeer peer) {
    boolean there =
        peer.getNamespaceSelector() == null
            ? pod.namespace().equals(namespace)
            : LabelSelectors.matches(
                peer.getNamespaceSelector(),
                view.namespaces().getOrDefault(pod.namespace(), Map.of()));
    return there
        && (peer.getPodSelector() == null
            || LabelSelectors.matches(peer.getPodSelector(), pod.labels()));
  }

  private static boolean isNamed(NetworkPolicyPort port) {
    IntOrString number = port.getPort();
    return number != null && number.getStrVal() != null;
  }

  /** The port at the pod that is asked; none if it has no port of that name. */
  private static Optional<Ports> numbers(NetworkPolicyPort port, PolicyPod pod) {
    if (!isNamed(port)) {
      return Optional.of(plain(port));
    }
    Integer number = pod.ports().get(protocol(port) + "/" + port.getPort().getStrVal());
    return Optional.ofNullable(number).map(it -> range(protocol(port), it, it));
  }

  private static Ports plain(NetworkPolicyPort port) {
    if (port.getPort() == null) {
      return Ports.all(lower(protocol(port)));
    }
    int first = port.getPort().getIntVal();
    int last = port.getEndPort() == null ? first : port.getEndPort();
    return range(protocol(port), first, Math.max(first, last));
  }

  private static Ports range(String protocol, int first, int last) {
    return new Ports(lower(protocol), first, last);
  }

  private static String protocol(NetworkPolicyPort port) {
    return port.getProtocol() == null ? TCP : port.getProtocol();
  }

  /** Protocols become part of a script: anything unknown is none of the three. */
  private static String lower(String protocol) {
    return switch (protocol) {
      case "UDP" -> "udp";
      case "SCTP" -> "sctp";
      default -> "tcp";
    };
  }
}
