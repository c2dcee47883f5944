package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.pod.plan.PodSpecs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A port of the host that a pod takes.
 *
 * @param ip of the host; {@code 0.0.0.0} for all of its addresses
 */
record HostPort(String ip, String protocol, int port) {

  private static final String ALL = "0.0.0.0";

  /** Those of the containers that run together. */
  static Set<HostPort> of(Pod pod) {
    boolean onHost = PodSpecs.onHostNetwork(pod);
    return Stream.concat(
            pod.getSpec().getInitContainers().stream().filter(PodSpecs::isSidecar),
            pod.getSpec().getContainers().stream())
        .map(Container::getPorts)
        .flatMap(ports -> ports.stream().filter(port -> number(port, onHost) > 0))
        .map(port -> of(port, onHost))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static HostPort of(ContainerPort port, boolean onHost) {
    String ip = port.getHostIP() == null || port.getHostIP().isEmpty() ? ALL : port.getHostIP();
    String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
    return new HostPort(ip, protocol, number(port, onHost));
  }

  /** A container on the host's network has its ports there; the API server says so in the pod. */
  private static int number(ContainerPort port, boolean onHost) {
    Integer stated =
        port.getHostPort() == null && onHost ? port.getContainerPort() : port.getHostPort();
    return stated == null ? 0 : stated;
  }

  /** Whether no two pods can have both. */
  boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ALL) || other.ip.equals(ALL));
  }
}
