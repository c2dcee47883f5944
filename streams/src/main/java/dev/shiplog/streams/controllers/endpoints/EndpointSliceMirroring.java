package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINTS;
import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes EndpointSlices of Endpoints that somebody wrote by hand, for Services without a selector:
 * who follows slices alone, as proxies do, finds those too.
 */
public final class EndpointSliceMirroring implements Controller {

  static final String MANAGER = "endpointslicemirroring-controller.k8s.io";

  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  private static final Index<EndpointSlice> MIRRORS =
      new Index<>(
          ENDPOINT_SLICES, "mirrored", slice -> isMirror(slice) ? List.of(key(slice)) : List.of());

  @Override
  public String name() {
    return "endpointslice-mirroring-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:endpointslicemirroring-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(ENDPOINTS),
        Source.primary(SERVICES),
        Source.mapped(ENDPOINT_SLICES, EndpointSliceMirroring::ofSlice));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(MIRRORS);
  }

  private static Collection<String> ofSlice(ObjectChange<EndpointSlice> change, Views views) {
    return change
        .states()
        .filter(EndpointSliceMirroring::isMirror)
        .map(EndpointSliceMirroring::key)
        .distinct()
        .toList();
  }

  private static boolean isMirror(EndpointSlice slice) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    return labels != null
        && MANAGER.equals(labels.get(EndpointSliceController.MANAGED_BY_LABEL))
        && labels.containsKey(EndpointSliceController.SERVICE_LABEL);
  }

  private static String key(EndpointSlice slice) {
    return ObjectKeys.key(
        slice.getMetadata().getNamespace(),
        slice.getMetadata().getLabels().get(EndpointSliceController.SERVICE_LABEL));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(ENDPOINTS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Collection<EndpointSlice> there = views.of(ENDPOINT_SLICES).find(MIRRORS, key);
    Optional<Endpoints> mirrored =
        views
            .of(ENDPOINTS)
            .get(key)
            .filter(EndpointSliceMirroring::mayBeMirrored)
            .filter(endpoints -> isWrittenByHand(views.of(SERVICES).get(key)));
    if (mirrored.isEmpty()) {
      return Reconciliation.of(
          there.stream().map(slice -> Commands.delete(ENDPOINT_SLICES, slice)).toList());
    }
    return Reconciliation.of(new Mirror(mirrored.get(), there, views).commands());
  }

  private static boolean mayBeMirrored(Endpoints endpoints) {
    Map<String, String> labels = endpoints.getMetadata().getLabels();
    Map<String, String> annotations = endpoints.getMetadata().getAnnotations();
    boolean skipped = labels != null && "true".equals(labels.get(SKIP));
    boolean election = annotations != null && annotations.containsKey(LEADER);
    return endpoints.getMetadata().getDeletionTimestamp() == null && !skipped && !election;
  }

  /** A Service with a selector gets its slices from its pods. */
  private static boolean isWrittenByHand(Optional<Service> service) {
    return service
        .filter(it -> it.getSpec().getSelector() == null || it.getSpec().getSelector().isEmpty())
        .isPresent();
  }
}
