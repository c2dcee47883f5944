package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;
import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.endpoints.Backends.Port;
import dev.shiplog.streams.controllers.pod.NameSuffixes;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHintsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Distributes the pods of one Service over its slices with as few changes as can be: a pod stays in
 * the slice it is in, room that there is gets filled, and only then slices are made.
 */
final class Slicing {

  private static final int ENDPOINTS_MAX = 100;

  private final Service service;
  private final Views views;
  private final List<EndpointSlice> there;
  private final List<CommandRequest> commands = new ArrayList<>();
  private final Set<String> takenNames = new HashSet<>();

  /** What all endpoints of a slice have in common. */
  private record Kind(String addressType, List<Port> ports) {}

  /** A slice that is there, and the endpoints it is to have. */
  private record Content(EndpointSlice slice, List<Endpoint> endpoints) {}

  Slicing(Service service, Views views, Collection<EndpointSlice> there) {
    this.service = service;
    this.views = views;
    this.there =
        there.stream().filter(slice -> slice.getMetadata().getDeletionTimestamp() == null).toList();
  }

  List<CommandRequest> commands() {
    Map<Kind, Map<String, Endpoint>> wanted = wanted();
    Map<Kind, List<EndpointSlice>> existing = new LinkedHashMap<>();
    there.forEach(
        slice -> existing.computeIfAbsent(kindOf(slice), k -> new ArrayList<>()).add(slice));
    wanted.forEach((kind, endpoints) -> fill(kind, endpoints, existing.remove(kind)));
    existing.values().forEach(left -> left.forEach(this::delete));
    return commands;
  }

  /** By kind, then by pod. A family without pods has one empty slice, to say that it is known. */
  private Map<Kind, Map<String, Endpoint>> wanted() {
    Map<Kind, Map<String, Endpoint>> wanted = new LinkedHashMap<>();
    List<Pod> pods = Backends.podsOf(service, views);
    for (String family : families()) {
      Map<Kind, Map<String, Endpoint>> ofFamily = new LinkedHashMap<>();
      for (Pod pod : pods) {
        Backends.ipOf(pod, family)
            .ifPresent(ip ->
                ofFamily
                    .computeIfAbsent(kindOf(family, pod), k -> new LinkedHashMap<>())
                    .put(pod.getMetadata().getUid(), endpoint(pod, ip)));
      }
      if (ofFamily.isEmpty()) {
        ofFamily.put(new Kind(family, List.of()), Map.of());
      }
      wanted.putAll(ofFamily);
    }
    return wanted;
  }

  private List<String> families() {
    List<String> families = service.getSpec().getIpFamilies();
    return families == null || families.isEmpty() ? List.of("IPv4") : families;
  }

  private Kind kindOf(String family, Pod pod) {
    return new Kind(family, sorted(Backends.portsOf(service, pod)));
  }

  private static Kind kindOf(EndpointSlice slice) {
    // A slice of a service without ready pods may have none; they are absent then, not empty.
    List<EndpointPort> given = slice.getPorts() == null ? List.of() : slice.getPorts();
    List<Port> ports =
        given.stream()
            .map(port ->
                new Port(
                    port.getName() == null ? "" : port.getName(),
                    port.getPort() == null ? 0 : port.getPort(),
                    port.getProtocol(),
                    port.getAppProtocol()))
            .toList();
    return new Kind(slice.getAddressType(), sorted(ports));
  }

  private static List<Port> sorted(List<Port> ports) {
    return ports.stream()
        .sorted(Comparator.comparing(Port::name).thenComparingInt(Port::number))
        .toList();
  }

  private void fill(Kind kind, Map<String, Endpoint> wanted, List<EndpointSlice> slices) {
    Map<String, Endpoint> left = new LinkedHashMap<>(wanted);
    List<Content> contents = new ArrayList<>();
    for (EndpointSlice slice : slices == null ? List.<EndpointSlice>of() : slices) {
      contents.add(new Content(slice, stay(slice, left)));
    }
    List<Endpoint> homeless = new ArrayList<>(left.values());
    contents.stream()
        .sorted(Comparator.comparingInt(content -> -content.endpoints().size()))
        .forEach(content -> moveIn(homeless, content.endpoints()));
    boolean keepEmpty = wanted.isEmpty();
    for (Content content : contents) {
      if (content.endpoints().isEmpty() && !keepEmpty) {
        delete(content.slice());
      } else {
        update(content.slice(), content.endpoints());
        keepEmpty = false; // one is enough
      }
    }
    create(kind, homeless, contents.isEmpty());
  }

  /** The slice's endpoints that are still wanted, as they are now; takes them out of the rest. */
  private static List<Endpoint> stay(EndpointSlice slice, Map<String, Endpoint> left) {
    List<Endpoint> staying = new ArrayList<>();
    for (Endpoint endpoint : slice.getEndpoints()) {
      Endpoint wanted =
          endpoint.getTargetRef() == null ? null : left.remove(endpoint.getTargetRef().getUid());
      if (wanted != null) {
        staying.add(wanted);
      }
    }
    return staying;
  }

  private static void moveIn(List<Endpoint> homeless, List<Endpoint> content) {
    int room = Math.min(homeless.size(), ENDPOINTS_MAX - content.size());
    List<Endpoint> moving = homeless.subList(0, Math.max(0, room));
    content.addAll(moving);
    moving.clear();
  }

  private void create(Kind kind, List<Endpoint> homeless, boolean evenIfEmpty) {
    boolean needed = evenIfEmpty || !homeless.isEmpty();
    while (needed) {
      List<Endpoint> content = new ArrayList<>();
      moveIn(homeless, content);
      commands.add(Commands.create(ENDPOINT_SLICES, slice(kind, content)));
      needed = !homeless.isEmpty();
    }
  }

  private void delete(EndpointSlice slice) {
    commands.add(Commands.delete(ENDPOINT_SLICES, slice));
  }

  private void update(EndpointSlice slice, List<Endpoint> content) {
    ObjectNode patch = KubernetesJson.object();
    if (!content.equals(slice.getEndpoints())) {
      ArrayNode endpoints = patch.putArray("endpoints");
      content.forEach(endpoint -> endpoints.add(KubernetesJson.tree(endpoint)));
    }
    Map<String, String> before = slice.getMetadata().getLabels();
    Map<String, String> labels = labels();
    if (!labels.equals(before)) {
      ObjectNode changed = patch.putObject("metadata").putObject("labels");
      before.keySet().stream().filter(l -> !labels.containsKey(l)).forEach(changed::putNull);
      labels.forEach(changed::put);
    }
    if (!patch.isEmpty()) {
      commands.add(Commands.patch(ENDPOINT_SLICES, slice, patch));
    }
  }

  private EndpointSlice slice(Kind kind, List<Endpoint> content) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(freeName())
        .withGenerateName(service.getMetadata().getName() + "-")
        .withLabels(labels())
        .withOwnerReferences(Owners.controllerReference(SERVICES, service))
        .endMetadata()
        .withAddressType(kind.addressType())
        .withEndpoints(content)
        .withPorts(kind.ports().stream().map(Slicing::port).toList())
        .build();
  }

  private String freeName() {
    String prefix = service.getMetadata().getName() + "-";
    for (int ordinal = 0; ; ordinal++) {
      String name = NameSuffixes.name(prefix, service.getMetadata().getUid(), ordinal);
      String key = ObjectKeys.key(service.getMetadata().getNamespace(), name);
      if (views.of(ENDPOINT_SLICES).get(key).isEmpty() && takenNames.add(name)) {
        return name;
      }
    }
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(Backends.labelsOf(service));
    labels.put(EndpointSliceController.SERVICE_LABEL, service.getMetadata().getName());
    labels.put(EndpointSliceController.MANAGED_BY_LABEL, EndpointSliceController.MANAGER);
    if (Backends.isHeadless(service)) {
      labels.put(Backends.HEADLESS_LABEL, "");
    }
    return labels;
  }

  private Endpoint endpoint(Pod pod, String ip) {
    boolean serving = PodStates.isReady(pod);
    boolean terminating = PodStates.isTerminating(pod);
    boolean ready = Backends.publishesUnready(service) || (serving && !terminating);
    return new EndpointBuilder()
        .withAddresses(ip)
        .withNewConditions()
        .withReady(ready)
        .withServing(serving)
        .withTerminating(terminating)
        .endConditions()
        .withHostname(Backends.hostname(service, pod))
        .withNodeName(PodStates.isScheduled(pod) ? pod.getSpec().getNodeName() : null)
        .withZone(zone(pod))
        .withHints(ready ? hints(pod) : null)
        .withTargetRef(Backends.reference(pod))
        .build();
  }

  /** For whom the endpoint is meant, where the service wants its traffic to stay near. */
  private EndpointHints hints(Pod pod) {
    String wish = service.getSpec().getTrafficDistribution();
    String zone = zone(pod);
    String node = PodStates.isScheduled(pod) ? pod.getSpec().getNodeName() : null;
    return switch (wish == null ? "" : wish) {
      case "PreferClose", "PreferSameZone" ->
          zone == null ? null : new EndpointHintsBuilder().addNewForZone(zone).build();
      case "PreferSameNode" ->
          node == null
              ? null
              : new EndpointHintsBuilder()
                  .addNewForNode(node)
                  .withForZones(zone == null ? List.of() : List.of(new ForZone(zone)))
                  .build();
      default -> null;
    };
  }

  private String zone(Pod pod) {
    return !PodStates.isScheduled(pod)
        ? null
        : views
            .of(NODES)
            .get(pod.getSpec().getNodeName())
            .map(node -> node.getMetadata().getLabels())
            .map(labels -> labels.get("topology.kubernetes.io/zone"))
            .orElse(null);
  }

  private static EndpointPort port(Port port) {
    return new EndpointPortBuilder()
        .withName(port.name())
        .withPort(port.number())
        .withProtocol(port.protocol())
        .withAppProtocol(port.appProtocol())
        .build();
  }
}
