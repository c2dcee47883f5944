package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.function.Predicate;
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

  private record Candidate(Endpoint endpoint, EndpointConditions conditions, boolean near) {

    boolean isReady() {
      return conditions == null || !Boolean.FALSE.equals(conditions.getReady());
    }

    boolean servesOn() {
      return conditions != null
          && Boolean.TRUE.equals(conditions.getServing())
          && Boolean.TRUE.equals(conditions.getTerminating());
    }
  }

  static Backends of(
      List<EndpointSlice> slices, String portName, Protocol protocol, String nodeName) {
    List<Candidate> candidates =
        slices.stream().flatMap(slice -> candidates(slice, portName, protocol, nodeName)).toList();
    return new Backends(
        chosen(candidates), chosen(candidates.stream().filter(Candidate::near).toList()));
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
                nodeName.equals(endpoint.getNodeName())));
  }

  private static boolean isPort(EndpointPort port, String name, Protocol protocol) {
    return RuleSetCompiler.name(port.getName()).equals(name)
        && port.getPort() != null
        && Protocol.of(port.getProtocol()).filter(protocol::equals).isPresent();
  }
}
