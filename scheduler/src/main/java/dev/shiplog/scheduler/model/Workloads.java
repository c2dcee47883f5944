package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The selectors by which Services and controllers select pods. From them follows which other pods a
 * pod should be spread from when it does not say so itself. Belongs to the scheduling thread.
 */
public final class Workloads {

  private record Service(String name, Map<String, String> selector) {}

  private record Owner(String kind, String namespace, String name) {}

  private final Map<String, Map<String, Service>> services = new HashMap<>();

  /** By namespace, then by one label ("key=value") of each selector, so that few are compared. */
  private final Map<String, Map<String, List<Service>>> servicesByLabel = new HashMap<>();

  private final Map<Owner, LabelSelector> owners = new HashMap<>();

  /** Takes in a Service. One without a selector selects nothing. */
  public void putService(String namespace, String name, Map<String, String> selector) {
    removeService(namespace, name);
    if (!selector.isEmpty()) {
      Service service = new Service(name, Map.copyOf(selector));
      services.computeIfAbsent(namespace, n -> new HashMap<>()).put(name, service);
      servicesByLabel
          .computeIfAbsent(namespace, n -> new HashMap<>())
          .computeIfAbsent(indexLabel(service), l -> new ArrayList<>())
          .add(service);
    }
  }

  public void removeService(String namespace, String name) {
    Service service = services.getOrDefault(namespace, Map.of()).get(name);
    if (service != null) {
      services.get(namespace).remove(name);
      servicesByLabel.get(namespace).get(indexLabel(service)).remove(service);
    }
  }

  /** Takes in the selector of a controller: ReplicaSet, StatefulSet or ReplicationController. */
  public void putOwner(String kind, String namespace, String name, LabelSelector selector) {
    owners.put(new Owner(kind, namespace, name), selector);
  }

  public void removeOwner(String kind, String namespace, String name) {
    owners.remove(new Owner(kind, namespace, name));
  }

  /**
   * Selects the pods that the pod's Services and its controller select, all of them at once;
   * everything where it has neither.
   */
  public LabelSelector selectorOf(Pod pod) {
    LabelSelector ofOwner = selectorOfOwner(pod);
    Map<String, String> ofServices = selectorOfServices(pod);
    return ofServices.isEmpty() ? ofOwner : LabelSelector.of(ofServices).and(ofOwner);
  }

  private LabelSelector selectorOfOwner(Pod pod) {
    OwnerRef controller = pod.controller();
    return controller == null
        ? LabelSelector.EVERYTHING
        : owners.getOrDefault(
            new Owner(controller.kind(), pod.namespace(), controller.name()),
            LabelSelector.EVERYTHING);
  }

  private Map<String, String> selectorOfServices(Pod pod) {
    Map<String, List<Service>> candidates = servicesByLabel.getOrDefault(pod.namespace(), Map.of());
    if (candidates.isEmpty()) {
      return Map.of();
    }
    Map<String, String> union = new HashMap<>();
    for (Map.Entry<String, String> label : pod.labels().entrySet()) {
      for (Service service : candidates.getOrDefault(text(label), List.of())) {
        if (pod.labels().entrySet().containsAll(service.selector().entrySet())) {
          union.putAll(service.selector());
        }
      }
    }
    return union;
  }

  private static String indexLabel(Service service) {
    return text(service.selector().entrySet().iterator().next());
  }

  private static String text(Map.Entry<String, String> label) {
    return label.getKey() + "=" + label.getValue();
  }
}
