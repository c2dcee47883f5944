package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Arrays;
import java.util.List;

/** Services and endpoint slices for tests. */
final class Clusters {

  static final String NODE = "node-1";

  private Clusters() {}

  /** default/web on port 80, which leads to port 8080 of its endpoints. */
  static ServiceBuilder web(String clusterIp) {
    return service("web", clusterIp, "TCP", 80);
  }

  static ServiceBuilder service(String name, String clusterIp, String protocol, int port) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP(clusterIp)
        .withClusterIPs(clusterIp)
        .addNewPort()
        .withProtocol(protocol)
        .withPort(port)
        .endPort()
        .endSpec();
  }

  static Service withNodePort(ServiceBuilder service, int nodePort) {
    return service
        .editSpec()
        .withType("NodePort")
        .editFirstPort()
        .withNodePort(nodePort)
        .endPort()
        .endSpec()
        .build();
  }

  static EndpointSliceBuilder slice(String service, String protocol, int port) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(service + "-abc")
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("")
        .withProtocol(protocol)
        .withPort(port)
        .endPort();
  }

  /** A slice of ready endpoints on this node. */
  static EndpointSlice ready(String service, String protocol, int port, String... ips) {
    return slice(service, protocol, port)
        .withEndpoints(Arrays.stream(ips).map(ip -> endpoint(ip, true, true, false, NODE)).toList())
        .build();
  }

  static io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint(
      String ip, boolean ready, boolean serving, boolean terminating, String node) {
    return new EndpointBuilder()
        .withAddresses(ip)
        .withNodeName(node)
        .withNewConditions()
        .withReady(ready)
        .withServing(serving)
        .withTerminating(terminating)
        .endConditions()
        .build();
  }

  static ServiceView view(List<Service> services, List<EndpointSlice> slices) {
    ServiceView view = ServiceView.EMPTY;
    for (Service service : services) {
      view = view.withService(key(service.getMetadata()), service);
    }
    for (EndpointSlice slice : slices) {
      view = view.withSlice(key(slice.getMetadata()), slice);
    }
    return view;
  }

  private static String key(ObjectMeta metadata) {
    return metadata.getNamespace() + "/" + metadata.getName();
  }
}
