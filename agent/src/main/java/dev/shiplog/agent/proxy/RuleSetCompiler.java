package dev.shiplog.agent.proxy;

import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.Guarded;
import dev.shiplog.agent.proxy.ServicePortRule.Outside;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From services and endpoint slices to rules. What is not for a packet filter (headless services,
 * external names, IPv6 addresses, other proxies' services) gives none.
 */
final class RuleSetCompiler {

  private static final String SERVICE_OF_SLICE = "kubernetes.io/service-name";
  private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";
  private static final Set<String> TYPES_WITH_NODE_PORT = Set.of("NodePort", "LoadBalancer");

  /** Text from the cluster becomes part of a script: only what cannot mean anything else there. */
  private static final Pattern KEY = Pattern.compile("[a-z0-9.-]+/[a-z0-9.-]+");

  static boolean isForIpv4(EndpointSlice slice) {
    return "IPv4".equals(slice.getAddressType());
  }

  /** The key of the service that a slice belongs to, which need not be there. */
  static String serviceOf(String sliceKey, EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    String namespace = sliceKey.substring(0, sliceKey.indexOf('/') + 1);
    return namespace + (labels == null ? "" : labels.getOrDefault(SERVICE_OF_SLICE, ""));
  }

  /**
   * The rules of one service, one for each of its ports.
   *
   * @param slices of this service, for IPv4
   */
  List<ServicePortRule> compile(
      String key, Service service, List<EndpointSlice> slices, Place place) {
    ServiceSpec spec = service.getSpec();
    Map<String, String> labels = service.getMetadata().getLabels();
    if (spec == null || !KEY.matcher(key).matches()) {
      return List.of();
    }
    List<String> clusterIps = clusterIps(spec);
    if (clusterIps.isEmpty()
        || "ExternalName".equals(spec.getType())
        || (labels != null && labels.containsKey(OTHER_PROXY))) {
      return List.of();
    }
    return spec.getPorts().stream()
        .flatMap(port ->
            Protocol.of(port.getProtocol())
                .map(protocol -> rule(key, service, port, protocol, clusterIps, slices, place))
                .stream())
        .toList();
  }

  private static ServicePortRule rule(
      String key,
      Service service,
      ServicePort port,
      Protocol protocol,
      List<String> clusterIps,
      List<EndpointSlice> slices,
      Place place) {
    ServiceSpec spec = service.getSpec();
    Backends backends = Backends.of(slices, name(port.getName()), protocol, place);
    int nodePort =
        TYPES_WITH_NODE_PORT.contains(spec.getType()) && port.getNodePort() != null
            ? port.getNodePort()
            : 0;
    return new ServicePortRule(
        key,
        protocol,
        port.getPort(),
        clusterIps,
        externalIps(service),
        guarded(service),
        nodePort,
        "ClientIP".equals(spec.getSessionAffinity()),
        "Local".equals(spec.getInternalTrafficPolicy()) ? backends.near() : backends.all(),
        outside(spec, backends));
  }

  private static Outside outside(ServiceSpec spec, Backends backends) {
    boolean near = "Local".equals(spec.getExternalTrafficPolicy()) && !backends.all().isEmpty();
    return near ? new ThisNode(backends.near()) : new Anywhere(backends.all());
  }

  static String name(String portName) {
    return Objects.requireNonNullElse(portName, "");
  }

  static boolean isIpv4(String text) {
    return Ipv4.isAddress(text);
  }

  private static List<String> clusterIps(ServiceSpec spec) {
    List<String> ips = spec.getClusterIPs();
    return ips == null || ips.isEmpty()
        ? Optional.ofNullable(spec.getClusterIP()).stream().filter(it -> isIpv4(it)).toList()
        : ips.stream().filter(RuleSetCompiler::isIpv4).toList();
  }

  private static List<String> externalIps(Service service) {
    return Stream.concat(service.getSpec().getExternalIPs().stream(), balancedIps(service))
        .filter(RuleSetCompiler::isIpv4)
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<String> balancedIps(Service service) {
    return service.getStatus() == null || service.getStatus().getLoadBalancer() == null
        ? Stream.empty()
        : service.getStatus().getLoadBalancer().getIngress().stream()
            .filter(ingress -> !"Proxy".equals(ingress.getIpMode()))
            .map(LoadBalancerIngress::getIp);
  }

  private static Optional<Guarded> guarded(Service service) {
    List<String> sources =
        service.getSpec().getLoadBalancerSourceRanges().stream()
            .map(String::strip)
            .filter(Ipv4::isBlock)
            .toList();
    return service.getSpec().getLoadBalancerSourceRanges().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Guarded(balancedIps(service).filter(RuleSetCompiler::isIpv4).toList(), sources));
  }
}
