package dev.shiplog.streams.controllers.endpoints;

import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINTS;
import static dev.shiplog.streams.kit.ResourceTypes.ENDPOINT_SLICES;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.NameSuffixes;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The slices of one Endpoints: for each set of ports and each address family as many as it takes.
 */
final class Mirror {

  private static final int ENDPOINTS_MAX = 100;

  /** Of a subset no more than that are mirrored, as in Kubernetes. */
  private static final int ADDRESSES_MAX = 1000;

  private static final String LAST_CHANGE = "endpoints.kubernetes.io/last-change-trigger-time";

  private final Endpoints endpoints;
  private final Views views;
  private final Map<Kind, List<EndpointSlice>> there = new LinkedHashMap<>();
  private final List<CommandRequest> commands = new ArrayList<>();
  private final Set<String> takenNames = new HashSet<>();

  private record Kind(String addressType, List<EndpointPort> ports) {}

  Mirror(Endpoints endpoints, Collection<EndpointSlice> there, Views views) {
    this.endpoints = endpoints;
    this.views = views;
    for (EndpointSlice slice : there) {
      List<EndpointPort> ports = slice.getPorts() == null ? List.of() : slice.getPorts();
      this.there
          .computeIfAbsent(new Kind(slice.getAddressType(), ports), k -> new ArrayList<>())
          .add(slice);
    }
  }

  List<CommandRequest> commands() {
    wanted().forEach(this::fill);
    there
        .values()
        .forEach(
            left -> left.forEach(slice -> commands.add(Commands.delete(ENDPOINT_SLICES, slice))));
    return commands;
  }

  private Map<Kind, List<Endpoint>> wanted() {
    Map<Kind, List<Endpoint>> wanted = new LinkedHashMap<>();
    List<EndpointSubset> subsets =
        endpoints.getSubsets() == null ? List.of() : endpoints.getSubsets();
    for (EndpointSubset subset : subsets) {
      List<EndpointPort> ports = subset.getPorts().stream().map(Mirror::port).toList();
      List<Endpoint> all = new ArrayList<>();
      subset.getAddresses().forEach(address -> all.add(endpoint(address, true)));
      subset.getNotReadyAddresses().forEach(address -> all.add(endpoint(address, false)));
      for (Endpoint endpoint : all.subList(0, Math.min(all.size(), ADDRESSES_MAX))) {
        String family = endpoint.getAddresses().getFirst().contains(":") ? "IPv6" : "IPv4";
        wanted.computeIfAbsent(new Kind(family, ports), k -> new ArrayList<>()).add(endpoint);
      }
    }
    return wanted;
  }

  private void fill(Kind kind, List<Endpoint> wanted) {
    List<EndpointSlice> slices = there.getOrDefault(kind, new ArrayList<>());
    for (int from = 0; from < wanted.size(); from += ENDPOINTS_MAX) {
      List<Endpoint> content = wanted.subList(from, Math.min(wanted.size(), from + ENDPOINTS_MAX));
      if (slices.isEmpty()) {
        commands.add(Commands.create(ENDPOINT_SLICES, slice(kind, content)));
      } else {
        update(slices.removeFirst(), content);
      }
    }
  }

  private void update(EndpointSlice slice, List<Endpoint> content) {
    ObjectNode patch = KubernetesJson.object();
    if (!content.equals(slice.getEndpoints())) {
      ArrayNode list = patch.putArray("endpoints");
      content.forEach(endpoint -> list.add(KubernetesJson.tree(endpoint)));
    }
    change(patch, "labels", slice.getMetadata().getLabels(), labels());
    change(patch, "annotations", slice.getMetadata().getAnnotations(), annotations());
    if (!patch.isEmpty()) {
      commands.add(Commands.patch(ENDPOINT_SLICES, slice, patch));
    }
  }

  private static void change(
      ObjectNode patch, String field, Map<String, String> given, Map<String, String> wanted) {
    Map<String, String> before = given == null ? Map.of() : given;
    if (!before.equals(wanted)) {
      ObjectNode changed = patch.withObject("/metadata").putObject(field);
      before.keySet().stream().filter(it -> !wanted.containsKey(it)).forEach(changed::putNull);
      wanted.forEach(changed::put);
    }
  }

  private EndpointSlice slice(Kind kind, List<Endpoint> content) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(endpoints.getMetadata().getNamespace())
        .withName(freeName())
        .withGenerateName(endpoints.getMetadata().getName() + "-")
        .withLabels(labels())
        .withAnnotations(annotations())
        .withOwnerReferences(Owners.controllerReference(ENDPOINTS, endpoints))
        .endMetadata()
        .withAddressType(kind.addressType())
        .withEndpoints(content)
        .withPorts(kind.ports())
        .build();
  }

  private String freeName() {
    String prefix = endpoints.getMetadata().getName() + "-";
    for (int ordinal = 0; ; ordinal++) {
      String name = NameSuffixes.name(prefix, endpoints.getMetadata().getUid(), ordinal);
      String key = ObjectKeys.key(endpoints.getMetadata().getNamespace(), name);
      if (views.of(ENDPOINT_SLICES).get(key).isEmpty() && takenNames.add(name)) {
        return name;
      }
    }
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    if (endpoints.getMetadata().getLabels() != null) {
      labels.putAll(endpoints.getMetadata().getLabels());
    }
    labels.put(EndpointSliceController.SERVICE_LABEL, endpoints.getMetadata().getName());
    labels.put(EndpointSliceController.MANAGED_BY_LABEL, EndpointSliceMirroring.MANAGER);
    return labels;
  }

  private Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>();
    if (endpoints.getMetadata().getAnnotations() != null) {
      annotations.putAll(endpoints.getMetadata().getAnnotations());
    }
    annotations.remove(LAST_CHANGE);
    return annotations;
  }

  private static Endpoint endpoint(EndpointAddress address, boolean ready) {
    return new EndpointBuilder()
        .withAddresses(address.getIp())
        .withNewConditions()
        .withReady(ready)
        .endConditions()
        .withHostname(address.getHostname())
        .withNodeName(address.getNodeName())
        .withTargetRef(address.getTargetRef())
        .build();
  }

  private static EndpointPort port(io.fabric8.kubernetes.api.model.EndpointPort port) {
    return new EndpointPortBuilder()
        .withName(port.getName() == null ? "" : port.getName())
        .withPort(port.getPort())
        .withProtocol(port.getProtocol() == null ? "TCP" : port.getProtocol())
        .withAppProtocol(port.getAppProtocol())
        .build();
  }
}
