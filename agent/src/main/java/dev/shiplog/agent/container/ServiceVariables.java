package dev.shiplog.agent.container;

import dev.shiplog.agent.config.ServiceSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables by which a pod finds services: {@code NAME_SERVICE_HOST}, {@code
 * NAME_SERVICE_PORT}, and those of Docker's links. The API server's are always there; the others of
 * the namespace unless the pod does not want them.
 */
final class ServiceVariables {

  private static final String API_SERVER = "kubernetes";
  private static final String API_SERVER_NAMESPACE = "default";

  private ServiceVariables() {}

  static Map<String, String> of(Pod pod, ServiceSource services) {
    Map<String, String> variables = new TreeMap<>();
    String namespace = pod.getMetadata().getNamespace();
    services.services(API_SERVER_NAMESPACE).stream()
        .filter(service -> service.getMetadata().getName().equals(API_SERVER))
        .forEach(service -> add(service, variables));
    if (!Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks())) {
      services.services(namespace).forEach(service -> add(service, variables));
    }
    return variables;
  }

  private static void add(Service service, Map<String, String> into) {
    String ip = service.getSpec().getClusterIP();
    List<ServicePort> ports = service.getSpec().getPorts();
    if (ip == null || ip.isEmpty() || ip.equals("None") || ports.isEmpty()) {
      return;
    }
    String name = variableName(service.getMetadata().getName());
    into.put(name + "_SERVICE_HOST", ip);
    into.put(name + "_SERVICE_PORT", port(ports.getFirst()));
    into.put(name + "_PORT", url(ip, ports.getFirst()));
    for (ServicePort port : ports) {
      if (port.getName() != null && !port.getName().isEmpty()) {
        into.put(name + "_SERVICE_PORT_" + variableName(port.getName()), port(port));
      }
      addLink(name + "_PORT_" + port(port) + "_" + protocol(port), ip, port, into);
    }
  }

  private static void addLink(
      String prefix, String ip, ServicePort port, Map<String, String> into) {
    into.put(prefix, url(ip, port));
    into.put(prefix + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
    into.put(prefix + "_PORT", port(port));
    into.put(prefix + "_ADDR", ip);
  }

  private static String url(String ip, ServicePort port) {
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    return protocol(port).toLowerCase(Locale.ROOT) + "://" + host + ":" + port(port);
  }

  private static String port(ServicePort port) {
    return Integer.toString(port.getPort());
  }

  private static String protocol(ServicePort port) {
    return port.getProtocol() == null ? "TCP" : port.getProtocol();
  }

  private static String variableName(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
