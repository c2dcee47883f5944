package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The endpoints behind one port of a service that may get traffic: those that are ready, or, while
 * none is, those that serve on although they are about to end, so that the last ones of a rollout
 * still answer.
 *
 * @param all on any node, sorted
 * @param near on this node
 */
record Backends(List<Endpoint> all, List<Endpoint> near) {

  private record Candidate(
      Endpoint endpoint, EndpointConditions conditions, EndpointHints hints, boolean near) {

    boolean isReady() {
      return conditions == null || !Boolean.FALSE.equals(conditions.getReady());
    }

    boolean servesOn() {
      return conditions != null
          && Boolean.TRUE.equals(conditions.getServing())
          && Boolean.TRUE.equals(conditions.getTerminating());
    }
  }

  static Backends of(List<EndpointSlice> slices, String portName, Protocol protocol, Place place) {
    List<Candidate> candidates =
        slices.stream()
            .flatMap(slice -> candidates(slice, portName, protocol, place.node()))
            .toList();
    return new Backends(
        chosen(preferred(candidates, place)),
        chosen(candidates.stream().filter(Candidate::near).toList()));
  }

  /** All that answer, wherever they are, also those that are about to end. */
  static Set<Endpoint> serving(
      Collection<EndpointSlice> slices, String portName, Protocol protocol) {
    return slices.stream()
        .flatMap(slice -> candidates(slice, portName, protocol, ""))
        .filter(each -> each.isReady() || each.servesOn())
        .map(Candidate::endpoint)
        .collect(Collectors.toSet());
  }

  /**
   * Those that are meant for this node, or else for its zone, where every ready one says for whom
   * it is meant; else all of them.
   */
  private static List<Candidate> preferred(List<Candidate> candidates, Place place) {
    List<Candidate> ready = candidates.stream().filter(Candidate::isReady).toList();
    return meantFor(ready, hints -> names(hints.getForNodes(), ForNode::getName), place.node())
        .or(() ->
            meantFor(ready, hints -> names(hints.getForZones(), ForZone::getName), place.zone()))
        .orElse(candidates);
  }

  private static Optional<List<Candidate>> meantFor(
      List<Candidate> ready, Function<EndpointHints, List<String>> names, String here) {
    boolean allSay =
        ready.stream()
            .allMatch(each -> each.hints() != null && !names.apply(each.hints()).isEmpty());
    List<Candidate> meant =
        allSay
            ? ready.stream().filter(each -> names.apply(each.hints()).contains(here)).toList()
            : List.of();
    return meant.isEmpty() ? Optional.empty() : Optional.of(meant);
  }

  private static <T> List<String> names(List<T> some, Function<T, String> name) {
    return some == null ? List.of() : some.stream().map(name).toList();
  }

  private static List<Endpoint> chosen(List<Candidate> candidates) {
    List<Endpoint> ready = endpoints(candidates, Candidate::isReady);
    return ready.isEmpty() ? endpoints(candidates, Candidate::servesOn) : ready;
  }

  private static List<Endpoint> endpoints(
      List<Candidate> candidates, Predicate<Candidate> condition) {
    return candidates.stream()
        .filter(condition)
        .map(Candidate::endpoint)
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<Candidate> candidates(
      EndpointSlice slice, String portName, Protocol protocol, String nodeName) {
    return slice.getPorts().stream()
        .filter(port -> isPort(port, portName, protocol))
        .flatMap(port ->
            slice.getEndpoints().stream()
                .flatMap(endpoint -> candidate(endpoint, port.getPort(), nodeName)));
  }

  /** Kubernetes lets only the first address of an endpoint mean anything. */
  private static Stream<Candidate> candidate(
      io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint, int port, String nodeName) {
    return endpoint.getAddresses().stream()
        .limit(1)
        .filter(RuleSetCompiler::isIpv4)
        .map(ip ->
            new Candidate(
                new Endpoint(ip, port),
                endpoint.getConditions(),
                endpoint.getHints(),
                nodeName.equals(endpoint.getNodeName())));
  }

  private static boolean isPort(EndpointPort port, String name, Protocol protocol) {
    return RuleSetCompiler.name(port.getName()).equals(name)
        && port.getPort() != null
        && Protocol.of(port.getProtocol()).filter(protocol::equals).isPresent();
  }
}
