package dev.shiplog.bench.workloads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Product;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The pieces of work, each in a namespace of its own. One thread. */
final class Work {

  private static final int CLIENTS = 32;

  private final Product product;
  private final Client client;

  Work(Product product, Client client) {
    this.product = product;
    this.client = client;
  }

  /** From no replica to all available. */
  Figure scaleUp(String namespace, int replicas, String target) throws Exception {
    deployment(namespace, 0);
    return measure(
        "one Deployment from 0 to %,d available replicas".formatted(replicas),
        replicas,
        target,
        deployments(namespace),
        event -> isRolledOut(event, replicas),
        () -> patch(namespace, "{\"spec\":{\"replicas\":" + replicas + "}}"));
  }

  /** A Deployment named web, once its replicas are available. */
  void deployment(String namespace, int replicas) throws Exception {
    create("/api/v1/namespaces", Objects.namespace(namespace));
    create(deployments(namespace), Objects.deployment("web", replicas));
    until(deployments(namespace), event -> isRolledOut(event, replicas));
  }

  /** The Deployment named web gets another image. */
  Figure rollOver(String namespace, int replicas) throws Exception {
    return measure(
        "rolling update of %,d replicas (maxSurge and maxUnavailable 25 %%)".formatted(replicas),
        replicas,
        "",
        deployments(namespace),
        event -> hasImage(event, "image:2") && isRolledOut(event, replicas),
        () ->
            patch(
                namespace,
                """
                {"spec":{"template":{"spec":{"containers":[{"name":"main","image":"image:2"}]}}}}
                """));
  }

  Figure manyDeployments(String namespace, int count, int replicas) throws Exception {
    create("/api/v1/namespaces", Objects.namespace(namespace));
    return measure(
        "%d Deployments with %d replicas each, created and available".formatted(count, replicas),
        count * replicas,
        "",
        deployments(namespace),
        all(count, event -> isRolledOut(event, replicas)),
        () ->
            createAll(
                deployments(namespace), count, i -> Objects.deployment("web-" + i, replicas)));
  }

  Figure manyJobs(String namespace, int count, int pods) throws Exception {
    create("/api/v1/namespaces", Objects.namespace(namespace));
    String jobs = "/apis/batch/v1/namespaces/" + namespace + "/jobs";
    return measure(
        "%d Jobs with %d pods each, created and complete".formatted(count, pods),
        count * pods,
        "",
        jobs,
        all(count, Work::isComplete),
        () -> createAll(jobs, count, i -> Objects.job("job-" + i, pods)));
  }

  /** A fifth of the objects are pods. */
  Figure deleteNamespace(String namespace, int objects, String target) throws Exception {
    create("/api/v1/namespaces", Objects.namespace(namespace));
    int pods = objects / 5;
    create(deployments(namespace), Objects.deployment("web", pods));
    String core = "/api/v1/namespaces/" + namespace;
    int simple = (objects - pods) / 4;
    for (String kind : List.of("ConfigMap", "Secret", "ServiceAccount", "PodTemplate")) {
      createAll(
          core + "/" + kind.toLowerCase(Locale.ROOT) + "s",
          simple,
          i -> Objects.simple(kind, "object-" + i));
    }
    until(deployments(namespace), event -> isRolledOut(event, pods));
    return measure(
        "a namespace with %,d objects, %,d of them pods, deleted".formatted(objects, pods),
        objects,
        target,
        "/api/v1/namespaces?fieldSelector=metadata.name=" + namespace,
        Work::isDeletion,
        () -> client.send("DELETE", core, "", 200));
  }

  /** Makes room for what comes next. */
  void remove(String namespace) throws Exception {
    String watched = "/api/v1/namespaces?fieldSelector=metadata.name=" + namespace;
    try (Watch watch = new Watch(client, watched, Work::isDeletion)) {
      client.send("DELETE", "/api/v1/namespaces/" + namespace, "", 200);
      watch.await();
    }
  }

  private static boolean isDeletion(JsonNode event) {
    return event.path("type").asText().equals("DELETED");
  }

  private Figure measure(
      String work,
      int objects,
      String target,
      String watched,
      Predicate<JsonNode> until,
      Callable<?> begin)
      throws Exception {
    double cpuBefore = product.cpuMs();
    long before;
    long after;
    try (Watch watch = new Watch(client, watched, until)) {
      before = System.nanoTime();
      begin.call();
      after = watch.await();
    }
    double cpu = (product.cpuMs() - cpuBefore) / 1000;
    Figure figure = new Figure(work, (after - before) / 1e9, cpu, objects, target);
    System.out.print(figure.row());
    return figure;
  }

  private void until(String path, Predicate<JsonNode> condition) throws Exception {
    try (Watch watch = new Watch(client, path, condition)) {
      watch.await();
    }
  }

  /** Holds once it has held for so many different objects. */
  private static Predicate<JsonNode> all(int count, Predicate<JsonNode> condition) {
    Set<String> done = new HashSet<>();
    return event -> {
      if (condition.test(event)) {
        done.add(event.at("/object/metadata/name").asText());
      }
      return done.size() == count;
    };
  }

  /** The old state is rolled out too, until the change is seen. */
  private static boolean hasImage(JsonNode event, String image) {
    return event.at("/object/spec/template/spec/containers/0/image").asText().equals(image);
  }

  private static boolean isRolledOut(JsonNode event, int replicas) {
    JsonNode deployment = event.path("object");
    JsonNode status = deployment.path("status");
    return status.path("observedGeneration").asLong()
            == deployment.at("/metadata/generation").asLong(-1)
        && deployment.at("/spec/replicas").asInt() == replicas
        && status.path("updatedReplicas").asInt() == replicas
        && status.path("replicas").asInt() == replicas
        && status.path("availableReplicas").asInt() == replicas;
  }

  private static boolean isComplete(JsonNode event) {
    for (JsonNode condition : event.at("/object/status/conditions")) {
      if (condition.path("type").asText().equals("Complete")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private Void patch(String namespace, String body) throws Exception {
    client.send("PATCH", deployments(namespace) + "/web", body, 200);
    return null;
  }

  private void create(String path, String body) throws IOException, InterruptedException {
    client.send("POST", path, body, 201);
  }

  private Void createAll(String path, int count, IntFunction<String> bodies) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Callable<Void>> calls = new ArrayList<>();
      IntStream.range(0, count)
          .forEach(i ->
              calls.add(() -> {
                create(path, bodies.apply(i));
                return null;
              }));
      for (Future<Void> call : threads.invokeAll(calls)) {
        call.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    return null;
  }

  private static String deployments(String namespace) {
    return "/apis/apps/v1/namespaces/" + namespace + "/deployments";
  }
}
