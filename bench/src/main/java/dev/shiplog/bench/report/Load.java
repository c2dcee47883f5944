package dev.shiplog.bench.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients that create, read, change, watch and delete ConfigMaps of 1 KB. Each phase is timed
 * as a whole; the server's processor time is divided by what was done in it.
 */
final class Load {

  private static final String MAPS = "/api/v1/namespaces/bench/configmaps";
  private static final String PAYLOAD = "x".repeat(1024);
  private static final int LISTS = 20;
  private static final int WATCHERS = 50;
  private static final int WATCHED_WRITES = 1000;
  private static final int MANY_WATCHERS = 1000;
  private static final int WRITES_FOR_MANY = 100;
  private static final long WATCH_SECONDS = 60;

  private final Product product;
  private final Client client;
  private String run = "";

  Load(Product product, Client client) {
    this.product = product;
    this.client = client;
  }

  private interface Operation {
    void run(int number) throws IOException, InterruptedException;
  }

  /** Makes the namespace that everything is in. */
  void begin() throws IOException, InterruptedException {
    client.send(
        "POST",
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"bench\"}}",
        201);
  }

  /** Every phase once, so many operations in each, with so many clients at a time. */
  List<Result> phases(int operations, int clients) throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    String c = " (" + clients + ")";
    results.add(fill(operations, clients));
    results.add(
        time(
            "get" + c,
            operations,
            clients,
            i ->
                client.send(
                    "GET", path(ThreadLocalRandom.current().nextInt(operations)), "", 200)));
    results.add(
        time("update" + c, operations, clients, i -> client.send("PUT", path(i), body(i, 1), 200)));
    if (clients > 1) {
      results.add(time("list all (2)", LISTS, 2, i -> list()));
      results.add(watch(WATCHERS, WATCHED_WRITES));
    }
    results.add(
        time("delete" + c, operations, clients, i -> client.send("DELETE", path(i), "", 200)));
    return results;
  }

  /** Objects under new names, which stay. */
  Result fill(int objects, int clients) throws IOException, InterruptedException {
    run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
    return time(
        "create (" + clients + ")",
        objects,
        clients,
        i -> client.send("POST", MAPS, body(i, 0), 201));
  }

  /** Many who watch one resource. */
  Result manyWatchers() throws IOException, InterruptedException {
    return watch(MANY_WATCHERS, WRITES_FOR_MANY);
  }

  /** One list of all there is; nothing of it is kept here. */
  Result listOfAll() throws IOException, InterruptedException {
    return time("list all (1)", 1, 1, i -> list());
  }

  private void list() throws IOException, InterruptedException {
    try (InputStream all = client.open(MAPS)) {
      all.transferTo(OutputStream.nullOutputStream());
    }
  }

  private Result time(String name, int count, int clients, Operation operation)
      throws IOException, InterruptedException {
    long[] nanos = new long[count];
    AtomicInteger next = new AtomicInteger();
    AtomicLong failed = new AtomicLong();
    double cpu = product.cpuMs();
    long start = System.nanoTime();
    together(
        clients,
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            long asked = System.nanoTime();
            try {
              operation.run(i);
            } catch (IOException e) {
              failed.incrementAndGet();
            }
            nanos[i] = System.nanoTime() - asked;
          }
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    return Result.of(name, nanos, seconds, product.cpuMs() - cpu, failed.get());
  }

  private Result watch(int watchers, int writes) throws IOException, InterruptedException {
    ConcurrentHashMap<String, Long> sent = new ConcurrentHashMap<>();
    ConcurrentLinkedQueue<Long> delays = new ConcurrentLinkedQueue<>();
    CountDownLatch open = new CountDownLatch(watchers);
    CountDownLatch delivered = new CountDownLatch(writes * watchers);
    String path = MAPS + "?watch=1&resourceVersion=" + revision();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < watchers; i++) {
      threads.add(Thread.ofVirtual().start(() -> follow(path, open, sent, delays, delivered)));
    }
    open.await(WATCH_SECONDS, TimeUnit.SECONDS);
    double cpu = product.cpuMs();
    long start = System.nanoTime();
    time(
        "",
        writes,
        4,
        i -> {
          sent.put("w-" + run + "-" + i, System.nanoTime());
          client.send("POST", MAPS, body("w-" + run + "-" + i, 0), 201);
        });
    delivered.await(WATCH_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    double used = product.cpuMs() - cpu;
    threads.forEach(Thread::interrupt);
    time("", writes, 4, i -> client.send("DELETE", path("w-" + run + "-" + i), "", 200));
    long[] nanos = delays.stream().mapToLong(Long::longValue).toArray();
    return Result.of("watch, " + watchers, nanos, seconds, used, delivered.getCount());
  }

  private void follow(
      String path,
      CountDownLatch open,
      ConcurrentHashMap<String, Long> sent,
      ConcurrentLinkedQueue<Long> delays,
      CountDownLatch delivered) {
    try (InputStream events = client.open(path);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
      open.countDown();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Long since = sent.get(text(line, "\"name\":\""));
        if (since != null && delivered.getCount() > 0) {
          delays.add(System.nanoTime() - since);
          delivered.countDown();
        }
      }
    } catch (IOException | InterruptedException e) {
      // The end of a watch that is no longer needed.
    }
  }

  private String revision() throws IOException, InterruptedException {
    byte[] list = client.send("GET", MAPS + "?limit=1", "", 200);
    return text(new String(list, StandardCharsets.UTF_8), "\"resourceVersion\":\"");
  }

  private static String text(String json, String before) {
    int start = json.indexOf(before) + before.length();
    return json.substring(start, json.indexOf('"', start));
  }

  private static void together(int clients, InterruptibleTask task) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  task.run();
                } catch (InterruptedException e) {
                  throw new UncheckedIOException(new IOException(e));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private interface InterruptibleTask {
    void run() throws InterruptedException;
  }

  private String path(int number) {
    return path("cm-" + run + "-" + number);
  }

  private static String path(String name) {
    return MAPS + "/" + name;
  }

  private String body(int number, int version) {
    return body("cm-" + run + "-" + number, version);
  }

  private static String body(String name, int version) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"app":"load","v":"%d"}},\
    "data":{"payload":"%s"}}\
    """
        .formatted(name, version, PAYLOAD);
  }
}
