package dev.shiplog.bench.proxy;

import dev.shiplog.agent.proxy.ServiceView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;

/** A cluster of services with as many endpoints each, none of which two services share. */
final class ManyServices {

  private final int endpointsEach;
  private final List<Service> services = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();

  ManyServices(int count, int endpointsEach) {
    this.endpointsEach = endpointsEach;
    for (int i = 0; i < count; i++) {
      services.add(service(i));
      slices.add(slice(i, endpointsEach));
    }
  }

  ServiceView view() {
    return ServiceView.of(services, slices);
  }

  /** The cluster after a pod of another service each time was replaced; earlier ones stay so. */
  ServiceView withOneEndpointReplaced(int turn) {
    int service = turn * 37 % services.size();
    EndpointSlice slice = slice(service, endpointsEach);
    slice.getEndpoints().set(0, endpoint(services.size() * endpointsEach + turn));
    slices.set(service, slice);
    return view();
  }

  private static Service service(int number) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("service-" + number)
        .endMetadata()
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("10.96.%d.%d".formatted(number / 250, number % 250 + 1))
        .addNewPort()
        .withProtocol("TCP")
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }

  private static EndpointSlice slice(int service, int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(endpoint(service * count + i));
    }
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("service-" + service + "-abc")
        .addToLabels("kubernetes.io/service-name", "service-" + service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withProtocol("TCP")
        .withPort(8080)
        .endPort()
        .withEndpoints(endpoints)
        .build();
  }

  private static Endpoint endpoint(int number) {
    return new EndpointBuilder()
        .withAddresses(
            "10.%d.%d.%d".formatted(128 + number / 62_500, number / 250 % 250, number % 250 + 1))
        .withNodeName("node-" + number % 50)
        .build();
  }
}
