package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.endpoints.Backends.Port;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.MergePatch;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the Endpoints of a Service: the older form of EndpointSlices, in one object. */
public final class EndpointsController implements Controller {

  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  /** Larger objects would be a burden on all who watch them; EndpointSlices hold the rest. */
  private static final int ADDRESSES_MAX = 1000;

  private static final Comparator<Port> BY_NAME =
      Comparator.comparing(Port::name).thenComparingInt(Port::number).thenComparing(Port::protocol);

  @Override
  public String name() {
    return "endpoint-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(SERVICES),
        Source.primary(ENDPOINTS),
        Source.mapped(PODS, Backends::servicesOf));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(SERVICES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Optional<Service> service = views.of(SERVICES).get(key);
    Optional<Endpoints> there = views.of(ENDPOINTS).get(key);
    if (service.isEmpty()) {
      return there
          .filter(EndpointsController::isManaged)
          .map(left -> Reconciliation.of(Commands.delete(ENDPOINTS, left)))
          .orElse(Reconciliation.nothing());
    }
    if (!Backends.isOurs(service.get())) {
      return Reconciliation.nothing();
    }
    Endpoints wanted = endpoints(service.get(), Backends.podsOf(service.get(), views));
    return there
        .map(seen -> change(seen, wanted).map(Reconciliation::of).orElse(Reconciliation.nothing()))
        .orElseGet(() -> Reconciliation.of(Commands.create(ENDPOINTS, wanted)));
  }

  private static boolean isManaged(Endpoints endpoints) {
    Map<String, String> labels = endpoints.getMetadata().getLabels();
    return labels != null && "endpoint-controller".equals(labels.get(MANAGED_BY));
  }

  private static Optional<CommandRequest> change(Endpoints seen, Endpoints wanted) {
    ObjectNode before = KubernetesJson.object();
    before.set("subsets", KubernetesJson.tree(seen).path("subsets"));
    before.set("labels", KubernetesJson.tree(seen).at("/metadata/labels"));
    ObjectNode after = KubernetesJson.object();
    after.set("subsets", KubernetesJson.tree(wanted).path("subsets"));
    after.set("labels", KubernetesJson.tree(wanted).at("/metadata/labels"));
    ObjectNode difference = MergePatch.between(before, after);
    if (difference.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode patch = KubernetesJson.object();
    if (difference.has("subsets")) {
      boolean none = wanted.getSubsets().isEmpty();
      patch.set("subsets", none ? patch.nullNode() : difference.get("subsets"));
    }
    if (difference.has("labels")) {
      patch.putObject("metadata").set("labels", difference.get("labels"));
    }
    return Optional.of(Commands.patch(ENDPOINTS, seen, patch));
  }

  private static Endpoints endpoints(Service service, List<Pod> pods) {
    Map<String, String> labels = new TreeMap<>(Backends.labelsOf(service));
    labels.put(MANAGED_BY, "endpoint-controller");
    if (Backends.isHeadless(service)) {
      labels.put(Backends.HEADLESS_LABEL, "");
    }
    List<Pod> kept = pods.subList(0, Math.min(pods.size(), ADDRESSES_MAX));
    EndpointsBuilder builder =
        new EndpointsBuilder()
            .withNewMetadata()
            .withNamespace(service.getMetadata().getNamespace())
            .withName(service.getMetadata().getName())
            .withLabels(labels)
            .endMetadata()
            .withSubsets(subsets(service, kept));
    if (kept.size() < pods.size()) {
      builder.editMetadata().addToAnnotations(OVER_CAPACITY, "truncated").endMetadata();
    }
    return builder.build();
  }

  /** Pods with the same ports form a subset. */
  private static List<EndpointSubset> subsets(Service service, List<Pod> pods) {
    Map<List<Port>, List<Pod>> byPorts =
        new TreeMap<>(Comparator.comparing(ports -> ports.toString()));
    for (Pod pod : pods) {
      List<Port> ports = Backends.portsOf(service, pod).stream().sorted(BY_NAME).toList();
      boolean reachable = !ports.isEmpty() || service.getSpec().getPorts().isEmpty();
      if (reachable && (!PodStates.isTerminating(pod) || Backends.publishesUnready(service))) {
        byPorts.computeIfAbsent(ports, p -> new ArrayList<>()).add(pod);
      }
    }
    return byPorts.entrySet().stream()
        .map(entry -> subset(service, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static EndpointSubset subset(Service service, List<Port> ports, List<Pod> pods) {
    List<EndpointAddress> ready = new ArrayList<>();
    List<EndpointAddress> notReady = new ArrayList<>();
    for (Pod pod : pods) {
      boolean counts = Backends.publishesUnready(service) || PodStates.isReady(pod);
      (counts ? ready : notReady).add(address(service, pod));
    }
    return new EndpointSubsetBuilder()
        .withAddresses(ready)
        .withNotReadyAddresses(notReady)
        .withPorts(ports.stream().map(EndpointsController::port).toList())
        .build();
  }

  private static EndpointAddress address(Service service, Pod pod) {
    return new EndpointAddressBuilder()
        .withIp(Backends.ipsOf(pod).getFirst())
        .withHostname(Backends.hostname(service, pod))
        .withNodeName(PodStates.isScheduled(pod) ? pod.getSpec().getNodeName() : null)
        .withTargetRef(Backends.reference(pod))
        .build();
  }

  private static EndpointPort port(Port port) {
    return new EndpointPortBuilder()
        .withName(port.name().isEmpty() ? null : port.name())
        .withPort(port.number())
        .withProtocol(port.protocol())
        .withAppProtocol(port.appProtocol())
        .build();
  }
}
