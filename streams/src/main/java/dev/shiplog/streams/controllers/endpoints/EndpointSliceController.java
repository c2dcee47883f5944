package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps the EndpointSlices of a Service: its pods, up to a hundred in each, with what proxies and
 * DNS need to know of them. Slices of a Service that is gone are the garbage collector's.
 */
public final class EndpointSliceController implements Controller {

  static final String SERVICE_LABEL = "kubernetes.io/service-name";
  static final String MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
  static final String MANAGER = "endpointslice-controller.k8s.io";

  private static final Index<EndpointSlice> BY_SERVICE =
      new Index<>(
          ENDPOINT_SLICES,
          "service",
          slice -> isOurs(slice) ? List.of(serviceKey(slice)) : List.of());

  @Override
  public String name() {
    return "endpointslice-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(SERVICES),
        Source.mapped(ENDPOINT_SLICES, EndpointSliceController::ofSlice),
        Source.mapped(PODS, Backends::servicesOf),
        Source.readOnly(NODES));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(BY_SERVICE);
  }

  private static Collection<String> ofSlice(ObjectChange<EndpointSlice> change, Views views) {
    return change
        .states()
        .filter(EndpointSliceController::isOurs)
        .map(EndpointSliceController::serviceKey)
        .distinct()
        .toList();
  }

  private static boolean isOurs(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return labels != null
        && MANAGER.equals(labels.get(MANAGED_BY_LABEL))
        && labels.containsKey(SERVICE_LABEL);
  }

  private static String serviceKey(EndpointSlice slice) {
    return ObjectKeys.key(
        slice.getMetadata().getNamespace(), slice.getMetadata().getLabels().get(SERVICE_LABEL));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(SERVICES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(SERVICES)
        .get(key)
        .filter(Backends::isOurs)
        .map(service -> reconcile(service, views))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(Service service, Views views) {
    String key = ObjectKeys.keyOf(service);
    Collection<EndpointSlice> there = views.of(ENDPOINT_SLICES).find(BY_SERVICE, key);
    return Reconciliation.of(new Slicing(service, views, there).commands());
  }
}
