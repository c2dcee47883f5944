package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Has the kernel forget flows of datagrams to endpoints that are gone, and those that led nowhere
 * when there was no endpoint: rules are asked for the first datagram of a flow only, and a client
 * that goes on asking keeps its flow for ever. An endpoint that is about to end keeps its flows as
 * long as it serves.
 *
 * <p>Only services that changed are looked at; after a start all of them. Used by one thread.
 */
final class StaleFlows {

  private static final Logger LOG = Logger.getLogger(StaleFlows.class);

  private static final String ANY = "";

  /** A listing is cut off where it is too long; then there is another one. */
  private static final int MOST_ROUNDS = 10;

  private final UdpFlows flows;
  private final RuleSetCompiler compiler = new RuleSetCompiler();
  private final Map<String, SortedMap<String, EndpointSlice>> slices = new HashMap<>();
  private final Map<String, Map<Target, Set<Endpoint>>> known = new HashMap<>();
  private ServiceView seen = ServiceView.EMPTY;

  /**
   * Where clients ask.
   *
   * @param address empty for each of the node's own
   */
  private record Target(String address, int port) {}

  StaleFlows(UdpFlows flows) {
    this.flows = flows;
  }

  /** The kernel's rules are those of this view. */
  void follow(ServiceView view) {
    Set<String> changed = new TreeSet<>();
    Differences.between(seen.services(), view.services(), (key, _, _) -> changed.add(key));
    Differences.between(
        seen.slices(),
        view.slices(),
        (key, before, now) -> {
          if (before != null) {
            changed.add(put(key, before, null));
          }
          if (now != null) {
            changed.add(put(key, now, now));
          }
        });
    seen = view;
    changed.forEach(key -> look(key, view.services().get(key)));
  }

  private String put(String key, EndpointSlice of, EndpointSlice now) {
    String service = RuleSetCompiler.serviceOf(key, of);
    SortedMap<String, EndpointSlice> some = slices.computeIfAbsent(service, _ -> new TreeMap<>());
    if (now == null) {
      some.remove(key);
    } else if (RuleSetCompiler.isForIpv4(now)) {
      some.put(key, now);
    }
    if (some.isEmpty()) {
      slices.remove(service);
    }
    return service;
  }

  private void look(String key, Service service) {
    Map<Target, Set<Endpoint>> before = known.getOrDefault(key, Map.of());
    Map<Target, Set<Endpoint>> now = service == null ? Map.of() : targets(key, service);
    Set<Target> all = new HashSet<>(before.keySet());
    all.addAll(now.keySet());
    for (Target target : all) {
      Set<Endpoint> serving = now.getOrDefault(target, Set.of());
      if (!serving.equals(before.get(target))) {
        forgetOthers(target, serving);
      }
    }
    if (now.isEmpty()) {
      known.remove(key);
    } else {
      known.put(key, now);
    }
  }

  /** Who may answer, by where clients ask for datagrams. */
  private Map<Target, Set<Endpoint>> targets(String key, Service service) {
    Map<Target, Set<Endpoint>> targets = new HashMap<>();
    var of = slices.getOrDefault(key, new TreeMap<>());
    for (ServicePortRule rule :
        compiler.compile(key, service, List.copyOf(of.values()), Place.NOWHERE)) {
      if (rule.protocol() == Protocol.UDP) {
        Set<Endpoint> serving =
            Backends.serving(of.values(), portName(service, rule.port()), Protocol.UDP);
        rule.clusterIps().forEach(ip -> targets.put(new Target(ip, rule.port()), serving));
        rule.externalIps().forEach(ip -> targets.put(new Target(ip, rule.port()), serving));
        rule.guarded()
            .ifPresent(guarded ->
                guarded.ips().forEach(ip -> targets.put(new Target(ip, rule.port()), serving)));
        if (rule.nodePort() != 0) {
          targets.put(new Target(ANY, rule.nodePort()), serving);
        }
      }
    }
    return targets;
  }

  private static String portName(Service service, int port) {
    return service.getSpec().getPorts().stream()
        .filter(each -> each.getPort() == port && "UDP".equals(each.getProtocol()))
        .map(each -> RuleSetCompiler.name(each.getName()))
        .findFirst()
        .orElse("");
  }

  private void forgetOthers(Target target, Set<Endpoint> serving) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Set<UdpFlow> stale = new HashSet<>(flows.to(target.address(), target.port()));
      stale.removeIf(flow -> !isStale(flow, target, serving));
      if (stale.isEmpty()) {
        return;
      }
      stale.forEach(flow -> {
        LOG.debugf("forgetting %s", flow);
        flows.forget(flow);
      });
    }
  }

  /** What leads nowhere is right where there is no endpoint; and other machines have ports too. */
  private static boolean isStale(UdpFlow flow, Target target, Set<Endpoint> serving) {
    if (serving.contains(flow.answering())) {
      return false;
    }
    return !flow.leadsNowhere()
        || (!serving.isEmpty() && (!target.address().equals(ANY) || isOwn(flow.address())));
  }

  private static boolean isOwn(String address) {
    try {
      return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
