package dev.shiplog.agent.dns;

import dev.shiplog.agent.proxy.ServiceView;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of the services of one moment: endpoints by service, names by address, namespaces.
 * Immutable once made.
 */
final class ZoneIndex {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final ServiceView view;
  private final Map<String, List<Member>> members = new HashMap<>();
  private final Map<String, List<String>> namesByAddress = new HashMap<>();
  private final Set<String> namespaces = new HashSet<>();

  /**
   * A pod behind a headless service.
   *
   * @param hostname the label it has below its service
   * @param ports of its slice
   */
  record Member(String hostname, String address, List<EndpointPort> ports) {}

  ZoneIndex(ServiceView view) {
    this.view = view;
    view.services().forEach(this::add);
    view.slices().values().forEach(this::add);
  }

  Optional<Service> service(String namespace, String name) {
    return Optional.ofNullable(view.services().get(namespace + "/" + name));
  }

  /** Endpoints of a service that may be used. */
  List<Member> members(String namespace, String name) {
    return members.getOrDefault(namespace + "/" + name, List.of());
  }

  boolean hasNamespace(String namespace) {
    return namespaces.contains(namespace);
  }

  /** Names, relative to the zone, of whatever has this address. */
  List<String> names(String address) {
    return namesByAddress.getOrDefault(address, List.of());
  }

  static boolean isHeadless(Service service) {
    return "None".equals(service.getSpec().getClusterIP());
  }

  private void add(String key, Service service) {
    var meta = service.getMetadata();
    namespaces.add(meta.getNamespace());
    if (!isHeadless(service)) {
      for (String address : service.getSpec().getClusterIPs()) {
        name(address, meta.getName() + "." + meta.getNamespace() + ".svc");
      }
    }
  }

  private void add(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    String name = labels == null ? null : labels.get(SERVICE_NAME);
    if (name == null || slice.getEndpoints() == null) {
      return;
    }
    String namespace = slice.getMetadata().getNamespace();
    Optional<Service> service = service(namespace, name);
    boolean all =
        service.isPresent()
            && Boolean.TRUE.equals(service.get().getSpec().getPublishNotReadyAddresses());
    for (Endpoint endpoint : slice.getEndpoints()) {
      if (all || isReady(endpoint)) {
        add(namespace, name, endpoint, slice.getPorts());
      }
    }
  }

  private void add(String namespace, String name, Endpoint endpoint, List<EndpointPort> ports) {
    boolean headless = service(namespace, name).filter(ZoneIndex::isHeadless).isPresent();
    for (String address : endpoint.getAddresses()) {
      String hostname =
          endpoint.getHostname() == null
              ? address.replace('.', '-').replace(':', '-')
              : endpoint.getHostname().toLowerCase(Locale.ROOT);
      members
          .computeIfAbsent(namespace + "/" + name, key -> new ArrayList<>())
          .add(new Member(hostname, address, ports == null ? List.of() : ports));
      if (headless) {
        name(address, hostname + "." + name + "." + namespace + ".svc");
      }
    }
  }

  private void name(String address, String name) {
    namesByAddress.computeIfAbsent(address, key -> new ArrayList<>()).add(name);
  }

  /** Unknown counts as ready. */
  private static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }
}
