package dev.shiplog.streams.controllers.quota;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.catalogue.StorageResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a namespace uses of the things that quotas limit. For one look at one quota. */
final class Usage {

  private static final String OF_CLASS = ".storageclass.storage.k8s.io/";
  private static final String COUNT = "count/";

  private final String namespace;
  private final Views views;
  private final List<Pod> pods;

  Usage(ResourceQuota quota, Views views) {
    this.namespace = quota.getMetadata().getNamespace();
    this.views = views;
    Predicate<Pod> inScope = Scopes.of(quota);
    this.pods =
        views.of(PODS).inNamespace(namespace).stream()
            .filter(pod -> !PodStates.isFinished(pod))
            .filter(inScope)
            .toList();
  }

  /** How much of one thing is used, by its name in a quota. */
  Quantity of(String name) {
    int ofClass = name.indexOf(OF_CLASS);
    if (ofClass > 0) {
      String storageClass = name.substring(0, ofClass);
      return ofClaims(
          name.substring(ofClass + OF_CLASS.length()),
          claim -> Objects.equals(claim.getSpec().getStorageClassName(), storageClass));
    }
    return switch (name) {
      case "pods" -> Amounts.number(pods.size());
      case "services" -> count("services", "");
      case "services.nodeports" -> Amounts.number(services().mapToInt(Usage::nodePorts).sum());
      case "services.loadbalancers" ->
          Amounts.number(services().filter(Usage::isLoadBalancer).count());
      case "persistentvolumeclaims", "requests.storage" -> ofClaims(name, claim -> true);
      case "replicationcontrollers", "resourcequotas", "secrets", "configmaps" -> count(name, "");
      default -> name.startsWith(COUNT) ? count(name.substring(COUNT.length())) : ofPods(name);
    };
  }

  private Quantity count(String resource) {
    int dot = resource.indexOf('.');
    return dot < 0
        ? count(resource, "")
        : count(resource.substring(0, dot), resource.substring(dot + 1));
  }

  private Quantity count(String plural, String group) {
    Optional<ResourceView<?>> view = views.of(StorageResource.of(plural, group));
    return Amounts.number(view.map(one -> one.inNamespace(namespace).size()).orElse(0));
  }

  private Stream<Service> services() {
    return views.of(SERVICES).inNamespace(namespace).stream();
  }

  private static boolean isLoadBalancer(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType());
  }

  private static int nodePorts(Service service) {
    boolean anyway = "NodePort".equals(service.getSpec().getType());
    return (int)
        service.getSpec().getPorts().stream()
            .map(ServicePort::getNodePort)
            .filter(port -> anyway || (port != null && port > 0))
            .count();
  }

  private Quantity ofClaims(String name, Predicate<PersistentVolumeClaim> which) {
    Collection<PersistentVolumeClaim> claims =
        views.of(PERSISTENT_VOLUME_CLAIMS).inNamespace(namespace).stream().filter(which).toList();
    return name.equals("requests.storage")
        ? Amounts.sum(claims.stream().flatMap(claim -> storage(claim).stream()))
        : Amounts.number(claims.size());
  }

  private static Optional<Quantity> storage(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getSpec().getResources())
        .map(resources -> resources.getRequests())
        .map(requests -> requests.get("storage"));
  }

  private Quantity ofPods(String name) {
    if (name.startsWith("limits.")) {
      String resource = name.substring("limits.".length());
      return Amounts.sum(pods.stream().map(pod -> PodAmounts.limit(pod, resource)));
    }
    String resource = name.startsWith("requests.") ? name.substring("requests.".length()) : name;
    return Amounts.sum(pods.stream().map(pod -> PodAmounts.request(pod, resource)));
  }
}
