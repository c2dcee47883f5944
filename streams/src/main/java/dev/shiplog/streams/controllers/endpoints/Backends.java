package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The pods behind a Service, and at which ports. */
final class Backends {

  static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

  private Backends() {}

  /**
   * A port of the Service as one pod has it.
   *
   * @param name empty for an unnamed one
   * @param appProtocol null if the Service does not say
   */
  record Port(String name, int number, String protocol, String appProtocol) {}

  /** The Services that select a pod, or did before it changed. */
  static Collection<String> servicesOf(ObjectChange<Pod> change, Views views) {
    String namespace = change.latest().getMetadata().getNamespace();
    return views.of(SERVICES).inNamespace(namespace).stream()
        .filter(service ->
            change.states().anyMatch(Selectors.matching(service.getSpec().getSelector())))
        .map(ObjectKeys::keyOf)
        .toList();
  }

  /** Without a selector somebody else keeps its endpoints; with an external name it has none. */
  static boolean isOurs(Service service) {
    return service.getSpec() != null
        && service.getSpec().getSelector() != null
        && !service.getSpec().getSelector().isEmpty()
        && !"ExternalName".equals(service.getSpec().getType())
        && service.getMetadata().getDeletionTimestamp() == null;
  }

  /** Pods that may get traffic, in the order of their names; those that are ending included. */
  static List<Pod> podsOf(Service service, Views views) {
    return views.of(PODS).inNamespace(service.getMetadata().getNamespace()).stream()
        .filter(Selectors.matching(service.getSpec().getSelector()))
        .filter(pod -> !PodStates.isFinished(pod) && !ipsOf(pod).isEmpty())
        .toList();
  }

  static boolean isHeadless(Service service) {
    return "None".equals(service.getSpec().getClusterIP());
  }

  static boolean publishesUnready(Service service) {
    return Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
  }

  static List<String> ipsOf(Pod pod) {
    if (pod.getStatus() == null) {
      return List.of();
    }
    List<String> all = pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList();
    String first = pod.getStatus().getPodIP();
    return all.isEmpty() && first != null && !first.isEmpty() ? List.of(first) : all;
  }

  /** The pod's address of a family, {@code IPv4} or {@code IPv6}. */
  static Optional<String> ipOf(Pod pod, String family) {
    boolean six = family.equals("IPv6");
    return ipsOf(pod).stream().filter(ip -> ip.contains(":") == six).findFirst();
  }

  /** A pod that has no port of the name is no backend for it. */
  static List<Port> portsOf(Service service, Pod pod) {
    List<Port> ports = new ArrayList<>();
    for (ServicePort port : service.getSpec().getPorts()) {
      number(port, pod)
          .ifPresent(number ->
              ports.add(
                  new Port(
                      port.getName() == null ? "" : port.getName(),
                      number,
                      protocol(port.getProtocol()),
                      port.getAppProtocol())));
    }
    return ports;
  }

  private static OptionalInt number(ServicePort port, Pod pod) {
    if (port.getTargetPort() == null) {
      return OptionalInt.of(port.getPort());
    }
    Integer number = port.getTargetPort().getIntVal();
    if (number != null) {
      return OptionalInt.of(number == 0 ? port.getPort() : number);
    }
    String name = port.getTargetPort().getStrVal();
    return containerPorts(pod)
        .filter(there -> name.equals(there.getName()))
        .filter(there -> protocol(there.getProtocol()).equals(protocol(port.getProtocol())))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst();
  }

  private static Stream<ContainerPort> containerPorts(Pod pod) {
    Stream<ContainerPort> sidecars =
        pod.getSpec().getInitContainers().stream()
            .filter(container -> "Always".equals(container.getRestartPolicy()))
            .flatMap(container -> container.getPorts().stream());
    return Stream.concat(
        pod.getSpec().getContainers().stream().flatMap(container -> container.getPorts().stream()),
        sidecars);
  }

  private static String protocol(String protocol) {
    return protocol == null ? "TCP" : protocol;
  }

  /** The name DNS gives the pod within its Service; null if it has none. */
  static String hostname(Service service, Pod pod) {
    boolean named =
        pod.getSpec().getHostname() != null
            && !pod.getSpec().getHostname().isEmpty()
            && service.getMetadata().getName().equals(pod.getSpec().getSubdomain());
    return named ? pod.getSpec().getHostname() : null;
  }

  static ObjectReference reference(Pod pod) {
    return new ObjectReferenceBuilder()
        .withKind("Pod")
        .withNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .build();
  }

  static Map<String, String> labelsOf(Service service) {
    Map<String, String> labels = service.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
