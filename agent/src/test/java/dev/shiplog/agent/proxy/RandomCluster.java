package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A cluster that changes at random, among few names and addresses, so that services come and go,
 * claim what others claim, and share endpoints.
 */
final class RandomCluster {

  private static final int SERVICES = 8;
  private static final List<String> TYPES = List.of("ClusterIP", "NodePort", "LoadBalancer");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
  private static final List<String> NODES = List.of("node-1", "node-2");

  private final Random random;
  private ServiceView view = ServiceView.EMPTY;

  RandomCluster(long seed) {
    random = new Random(seed);
  }

  /** The cluster after one to four more changes. */
  ServiceView next() {
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      change();
    }
    return view;
  }

  private void change() {
    int number = random.nextInt(SERVICES);
    view =
        switch (random.nextInt(6)) {
          case 0 -> view.withService("default/s" + number, null);
          case 1, 2 -> view.withService("default/s" + number, service(number));
          case 3 -> view.withSlice(sliceKey(number), null);
          default -> view.withSlice(sliceKey(number), slice());
        };
  }

  private String sliceKey(int number) {
    return "default/slice-" + (2 * number + random.nextInt(2));
  }

  private <T> T any(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private Service service(int number) {
    String type = any(TYPES);
    ServiceBuilder service =
        Clusters.service("s" + number, address("96"), any(PROTOCOLS), 80 + random.nextInt(2))
            .editSpec()
            .withType(type)
            .withSessionAffinity(random.nextBoolean() ? "ClientIP" : "None")
            .withInternalTrafficPolicy(random.nextInt(4) == 0 ? "Local" : "Cluster")
            .withExternalTrafficPolicy(random.nextBoolean() ? "Local" : "Cluster")
            .editFirstPort()
            .withNodePort(type.equals("ClusterIP") ? null : 20_000 + random.nextInt(5))
            .endPort()
            .endSpec();
    return type.equals("LoadBalancer") ? balanced(service) : service.build();
  }

  private Service balanced(ServiceBuilder service) {
    return service
        .editSpec()
        .withLoadBalancerSourceRanges(random.nextBoolean() ? List.of("192.0.2.0/24") : List.of())
        .endSpec()
        .withNewStatus()
        .withNewLoadBalancer()
        .withIngress(new LoadBalancerIngressBuilder().withIp(address("112")).build())
        .endLoadBalancer()
        .endStatus()
        .build();
  }

  /** Addresses of tests, which nobody uses. */
  private String address(String third) {
    return "10.197." + third + "." + (1 + random.nextInt(6));
  }

  private EndpointSlice slice() {
    var endpoints = new ArrayList<Endpoint>();
    for (int left = random.nextInt(4); left > 0; left--) {
      Endpoint endpoint =
          Clusters.endpoint(
              address("0"), random.nextBoolean(), true, random.nextBoolean(), any(NODES));
      endpoint.setZone(random.nextInt(6) == 0 ? "b" : "a");
      endpoints.add(endpoint);
    }
    return Clusters.slice("s" + random.nextInt(SERVICES), any(PROTOCOLS), 8080)
        .withEndpoints(endpoints)
        .build();
  }
}
