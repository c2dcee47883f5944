package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/**
 * Services and endpoint slices of the cluster at one moment, by {@code namespace/name}. Immutable;
 * nobody changes the objects in it.
 */
public final class ServiceView {

  static final ServiceView EMPTY = new ServiceView(TreePMap.empty(), TreePMap.empty());

  private final TreePMap<String, Service> services;
  private final TreePMap<String, EndpointSlice> slices;

  private ServiceView(TreePMap<String, Service> services, TreePMap<String, EndpointSlice> slices) {
    this.services = services;
    this.slices = slices;
  }

  /** A view of these. */
  public static ServiceView of(Collection<Service> services, Collection<EndpointSlice> slices) {
    ServiceView view = EMPTY;
    for (Service service : services) {
      view = view.withService(key(service), service);
    }
    for (EndpointSlice slice : slices) {
      view = view.withSlice(key(slice), slice);
    }
    return view;
  }

  private static String key(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  public SortedMap<String, Service> services() {
    return services;
  }

  public SortedMap<String, EndpointSlice> slices() {
    return slices;
  }

  /** The services of one namespace. */
  public List<Service> services(String namespace) {
    // '0' is the character behind '/'.
    return List.copyOf(services.subMap(namespace + "/", namespace + "0").values());
  }

  /** With a service put in, or taken out where it is null. */
  ServiceView withService(String key, Service service) {
    return new ServiceView(
        service == null ? services.minus(key) : services.plus(key, service), slices);
  }

  /** With a slice put in, or taken out where it is null. */
  ServiceView withSlice(String key, EndpointSlice slice) {
    return new ServiceView(services, slice == null ? slices.minus(key) : slices.plus(key, slice));
  }
}
