package dev.shiplog.bench.scheduling;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Product;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Clients that create nodes and pods, and one that watches pods being bound. */
final class BindingLoad {

  private static final long PATIENCE_SECONDS = 600;
  private static final String NAMESPACE = "/api/v1/namespaces/bench";
  private static final String PODS = NAMESPACE + "/pods";

  private final Product product;
  private final Client client;
  private final int clients;

  BindingLoad(Product product, int clients) throws Exception {
    this.product = product;
    this.client = product.client();
    this.clients = clients;
    client.send(
        "POST",
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"bench\"}}",
        201);
    awaitServiceAccount();
  }

  /** Without it no pod is let in. */
  private void awaitServiceAccount() throws InterruptedException, IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        client.send("GET", NAMESPACE + "/serviceaccounts/default", "", 200);
        return;
      } catch (IOException e) {
        if (attempt == 100) {
          throw e;
        }
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  /** Nodes with 32 cores in five zones. */
  void makeNodes(String prefix, int count) throws IOException, InterruptedException {
    together(
        count,
        i -> {
          String name = prefix + "-" + i;
          client.send(
              "POST",
              "/api/v1/nodes",
              """
              {"apiVersion":"v1","kind":"Node","metadata":{"name":"%1$s","labels":{
              "kubernetes.io/hostname":"%1$s","topology.kubernetes.io/zone":"zone-%2$d"}}}
              """
                  .formatted(name, i % 5),
              201);
          client.send(
              "PATCH",
              "/api/v1/nodes/" + name + "/status",
              """
              {"status":{"capacity":{"cpu":"32","memory":"64Gi","pods":"110"},
              "allocatable":{"cpu":"32","memory":"64Gi","pods":"110"},
              "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady"}]}}
              """,
              200);
          client.send("PATCH", "/api/v1/nodes/" + name, "{\"spec\":{\"taints\":null}}", 200);
        });
  }

  /** Creates pods, and waits until the watch has shown each of them with a node. */
  BindingFigure bind(String prefix, int count, String target)
      throws IOException, InterruptedException {
    Map<String, Long> created = new ConcurrentHashMap<>();
    Map<String, Long> took = new ConcurrentHashMap<>();
    CountDownLatch bound = new CountDownLatch(count);
    try (InputStream events = client.open(PODS + "?watch=1&resourceVersion=" + revision())) {
      Thread.ofVirtual().start(() -> follow(events, created, took, bound));
      double cpu = product.cpuMs();
      long start = System.nanoTime();
      create(prefix, count, created);
      if (!bound.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(bound.getCount() + " of " + count + " pods were not seen bound");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] nanos = took.values().stream().mapToLong(Long::longValue).toArray();
      return BindingFigure.of(nanos, seconds, product.cpuMs() - cpu, target);
    }
  }

  private void create(String prefix, int count, Map<String, Long> created)
      throws IOException, InterruptedException {
    together(
        count,
        i -> {
          String name = prefix + "-" + i;
          created.put(name, System.nanoTime());
          client.send("POST", PODS, pod(name, i), 201);
        });
  }

  private static String pod(String name, int number) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"a%d"}},"spec":{
    "containers":[{"name":"c","image":"x","resources":{"requests":{"cpu":"100m","memory":"100Mi"}}}]}}
    """
        .formatted(name, number % 10);
  }

  /** Pods of an earlier round, which the watch may show as well, are passed over. */
  private void follow(
      InputStream events, Map<String, Long> created, Map<String, Long> took, CountDownLatch bound) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String name = text(line, "\"name\":\"");
        Long start = created.get(name);
        if (start != null
            && line.contains("\"nodeName\":\"")
            && took.putIfAbsent(name, System.nanoTime() - start) == null) {
          bound.countDown();
        }
      }
    } catch (IOException e) {
      // What it has not seen by then is missed by the one who waits.
    }
  }

  private String revision() throws IOException, InterruptedException {
    byte[] list = client.send("GET", PODS + "?limit=1", "", 200);
    return text(new String(list, StandardCharsets.UTF_8), "\"resourceVersion\":\"");
  }

  private static String text(String json, String before) {
    int start = json.indexOf(before) + before.length();
    return json.substring(start, json.indexOf('"', start));
  }

  private interface Operation {
    void run(int number) throws IOException, InterruptedException;
  }

  private void together(int count, Operation operation) throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Exception> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(Thread.ofVirtual().start(() -> repeat(next, count, operation, failure)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IOException(failure.get());
    }
  }

  private static void repeat(
      AtomicInteger next, int count, Operation operation, AtomicReference<Exception> failure) {
    try {
      for (int i = next.getAndIncrement();
          i < count && failure.get() == null;
          i = next.getAndIncrement()) {
        operation.run(i);
      }
    } catch (IOException | InterruptedException e) {
      failure.compareAndSet(null, e);
    }
  }
}
