package dev.shiplog.e2e;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Random changes of what is to run in one namespace. The API server is asked what there is, nothing
 * is remembered: so a request whose answer was lost does no harm. One thread.
 */
final class SoakWorkload implements AutoCloseable {

  private static final String NAMESPACE = "soak";
  private static final int MOST_DEPLOYMENTS = 5;
  private static final int MOST_REPLICAS = 3;
  private static final int MOST_PODS = 6;
  private static final Duration REST_BOUND = Duration.ofMinutes(5);
  private static final long SHORTEST_PAUSE_MS = 200;
  private static final int PAUSE_MS = 1800;

  private final Random random;
  private final KubernetesClient client;
  private final Map<String, Integer> counts = new TreeMap<>();
  private int names;
  private int steps;

  SoakWorkload(Product product, Random random) {
    this.random = random;
    this.client = client(product);
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    client.resource(configuration("0")).create();
    Awaitility.await("service account")
        .until(
            () -> client.serviceAccounts().inNamespace(NAMESPACE).withName("default").get(),
            Objects::nonNull);
  }

  private static KubernetesClient client(Product product) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(product.data().resolve("kubeconfig")));
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static io.fabric8.kubernetes.api.model.ConfigMap configuration(String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName("settings")
        .endMetadata()
        .withData(Map.of("value", value))
        .build();
  }

  int steps() {
    return steps;
  }

  /** What was done how often. */
  String counts() {
    return counts.entrySet().stream()
        .map(each -> each.getValue() + " times " + each.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Changes one thing, after a short while. */
  void step() {
    LockSupport.parkNanos(
        TimeUnit.MILLISECONDS.toNanos(SHORTEST_PAUSE_MS + random.nextInt(PAUSE_MS)));
    List<Deployment> deployments = deployments();
    List<Pod> pods = pods();
    int dice = random.nextInt(100);
    if (deployments.isEmpty() || (dice < 20 && deployments.size() < MOST_DEPLOYMENTS)) {
      make();
    } else if (dice < 35) {
      change(any(deployments));
    } else if (dice < 50) {
      scale(any(deployments));
    } else if (dice < 60) {
      delete(any(deployments));
    } else if (dice < 75 && !pods.isEmpty()) {
      deletePod(any(pods));
    } else if (dice < 90 && alone(pods).size() < MOST_PODS) {
      run();
    } else {
      count("ConfigMap changed", () -> client.resource(configuration("" + steps)).update());
    }
    steps++;
  }

  private void make() {
    String name = "app-" + names++;
    count(
        "Deployment made",
        () -> {
          SoakObjects.application(name, 1 + random.nextInt(MOST_REPLICAS), random)
              .forEach(each -> client.resource(each).inNamespace(NAMESPACE).create());
          return null;
        });
  }

  private void change(Deployment deployment) {
    count(
        "Deployment rolled over",
        () ->
            deployments(deployment)
                .edit(each -> SoakObjects.changed(each, Integer.toString(steps))));
  }

  private void scale(Deployment deployment) {
    count(
        "Deployment scaled",
        () -> deployments(deployment).scale(random.nextInt(MOST_REPLICAS + 1)));
  }

  private void delete(Deployment deployment) {
    String name = deployment.getMetadata().getName();
    count(
        "Deployment deleted",
        () -> {
          client.services().inNamespace(NAMESPACE).withName(name).delete();
          var _ = deployments(deployment).delete();
          return client.persistentVolumeClaims().inNamespace(NAMESPACE).withName(name).delete();
        });
  }

  private void deletePod(Pod pod) {
    boolean atOnce = random.nextInt(4) == 0;
    count(
        atOnce ? "pod deleted by force" : "pod deleted",
        () -> {
          var here = client.pods().inNamespace(NAMESPACE).withName(pod.getMetadata().getName());
          return atOnce ? here.withGracePeriod(0).delete() : here.delete();
        });
  }

  private void run() {
    Pod pod = SoakObjects.task("task-" + names++, random);
    count("pod made", () -> client.resource(pod).inNamespace(NAMESPACE).create());
  }

  private io.fabric8.kubernetes.client.dsl.RollableScalableResource<Deployment> deployments(
      Deployment deployment) {
    return client
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(deployment.getMetadata().getName());
  }

  /** What is refused because something else was faster is no harm. */
  private void count(String what, Supplier<?> change) {
    try {
      var _ = change.get();
      counts.merge(what, 1, Integer::sum);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404 && e.getCode() != 409 && e.getCode() != 0) {
        throw e;
      }
    }
  }

  private List<Deployment> deployments() {
    return client.apps().deployments().inNamespace(NAMESPACE).list().getItems();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(NAMESPACE).list().getItems();
  }

  private static List<Pod> alone(List<Pod> pods) {
    return pods.stream().filter(pod -> pod.getMetadata().getOwnerReferences().isEmpty()).toList();
  }

  /** In the order of names, so that the same dice mean the same. */
  private <T extends io.fabric8.kubernetes.api.model.HasMetadata> T any(List<T> all) {
    List<T> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(each -> each.getMetadata().getName()));
    return sorted.get(random.nextInt(sorted.size()));
  }

  /** Waits until all Deployments have what they want, and no pod is on its way out or in. */
  void awaitRest() {
    Awaitility.await("all that should run does")
        .atMost(REST_BOUND)
        .pollInterval(Duration.ofSeconds(1))
        .until(this::unrest, List::isEmpty);
  }

  private List<String> unrest() {
    List<String> found = new ArrayList<>();
    for (Deployment each : deployments()) {
      int wanted = each.getSpec().getReplicas();
      var status = each.getStatus();
      if (!Objects.equals(status.getObservedGeneration(), each.getMetadata().getGeneration())
          || number(status.getReplicas()) != wanted
          || number(status.getUpdatedReplicas()) != wanted
          || number(status.getAvailableReplicas()) != wanted) {
        found.add("Deployment " + each.getMetadata().getName() + " " + status);
      }
    }
    for (Pod pod : pods()) {
      if (pod.getMetadata().getDeletionTimestamp() != null
          || List.of("Pending", "Unknown").contains(pod.getStatus().getPhase())) {
        found.add("Pod " + pod.getMetadata().getName() + " " + pod.getStatus().getPhase());
      }
    }
    return found;
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }

  /** Deletes the namespace, and waits until it is gone. */
  void deleteAll() {
    client.namespaces().withName(NAMESPACE).delete();
    Awaitility.await("the namespace is gone")
        .atMost(REST_BOUND)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> client.namespaces().withName(NAMESPACE).get() == null);
    Awaitility.await("its volumes are gone")
        .atMost(REST_BOUND)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> client.persistentVolumes().list().getItems(), List::isEmpty);
  }

  @Override
  public void close() {
    client.close();
  }
}
