package dev.shiplog.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.broker.EmbeddedBroker;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.kafka.KafkaSettings;
import dev.shiplog.topics.kafka.KafkaTopicLog;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * Commits and linearizable reads per second of the store alone, and how long each takes, without
 * HTTP. Arguments: {@code memory} or {@code broker} (embedded, flushing each append), how many
 * operations, how many at once. Prints a line per kind of operation; what it says of processor time
 * (of the whole process, and of the one thread that decides) holds on a busy machine too.
 */
public final class StoreLoad {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final int CONTENT_BYTES = 800;

  private StoreLoad() {}

  /** Runs creates, updates and reads, one kind after the other, after a warm-up of all. */
  public static void main(String[] arguments) throws Exception {
    String where = arguments.length > 0 ? arguments[0] : "broker";
    int operations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
    int atOnce = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 64;
    if (where.equals("memory")) {
      try (TopicLog log = new InMemoryTopicLog(2L << 30)) {
        measure(log, operations, atOnce);
      }
      return;
    }
    Path directory = Files.createTempDirectory("store-load");
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
        TopicLog log = new KafkaTopicLog(KafkaSettings.at(broker.bootstrapServers()))) {
      measure(log, operations, atOnce);
    } finally {
      delete(directory);
    }
  }

  private static void measure(TopicLog log, int operations, int atOnce)
      throws InterruptedException {
    TopicNames names = new TopicNames("load");
    log.ensureTopics(new TopicCatalogue(names, 1, 1).all(List.of(PODS)));
    try (JournalStore store = store(log, names)) {
      store.start();
      run("warm-up", operations / 5, atOnce, i -> create(store, "warm-" + i));
      run("warm-up", operations / 5, atOnce, _ -> store.read(new ReadAt.Latest()));
      run("create", operations, atOnce, i -> create(store, "pod-" + i));
      run("update", operations, atOnce, i -> update(store, "pod-" + i));
      run("read", operations, atOnce, _ -> store.read(new ReadAt.Latest()));
    }
  }

  private static JournalStore store(TopicLog log, TopicNames names) {
    return new JournalStore(
        JournalSettings.alone("load"),
        new JournalEnvironment(
            log,
            names,
            InstantSource.system(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            StoreLoad::report,
            Thread.ofPlatform().daemon()::unstarted),
        new StoredResources(
            List.of(PODS),
            (_, object) ->
                Map.of(
                    "spec.nodeName", object.at("/spec/nodeName").asText(""),
                    "status.phase", object.at("/status/phase").asText("")),
            List.of()));
  }

  private static void report(String what, Throwable cause) {
    throw new IllegalStateException(what, cause);
  }

  private static void run(
      String name, int operations, int atOnce, LongFunction<CompletableFuture<?>> operation)
      throws InterruptedException {
    long[] nanos = new long[operations];
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    Semaphore free = new Semaphore(atOnce);
    CountDownLatch done = new CountDownLatch(operations);
    AtomicLong end = new AtomicLong();
    long loopCpu = loopCpuNanos();
    long allCpu = processCpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      free.acquire();
      int number = i;
      long asked = System.nanoTime();
      CompletableFuture<?> _ =
          operation
              .apply(i)
              .whenComplete((_, failure) -> {
                long now = System.nanoTime();
                nanos[number] = now - asked;
                if (failure != null) {
                  failures.add(failure);
                }
                end.accumulateAndGet(now, Math::max);
                free.release();
                done.countDown();
              });
    }
    done.await();
    print(name, nanos, end.get() - start, failures);
    System.out.printf(
        "%-8s processor: %6.1f µs each, of it %5.1f µs in the journal's loop%n",
        "",
        (processCpuNanos() - allCpu) / 1e3 / operations,
        (loopCpuNanos() - loopCpu) / 1e3 / operations);
  }

  private static long loopCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().equals("journal-loop"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .sum();
  }

  private static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static void print(
      String name, long[] nanos, long whole, ConcurrentLinkedQueue<Throwable> failures) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-8s %,9.0f/s  p50 %6.2f ms  p99 %6.2f ms  failed %d%s%n",
        name,
        nanos.length * 1e9 / whole,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        failures.size(),
        failures.isEmpty() ? "" : " " + failures.peek());
  }

  private static CompletableFuture<?> create(JournalStore store, String name) {
    ObjectKey key = new ObjectKey(PODS, "default", name);
    return store.commit(request(new ProposedChange.Create(key, pod(name))));
  }

  private static CompletableFuture<?> update(JournalStore store, String name) {
    ObjectKey key = new ObjectKey(PODS, "default", name);
    long revision = store.current().get(key).orElseThrow().revision();
    ObjectNode pod = pod(name);
    pod.putObject("status").put("phase", "Running");
    return store.commit(request(new ProposedChange.Update(key, revision, pod)));
  }

  private static CommitRequest request(ProposedChange change) {
    Origin origin =
        new Origin(
            "0b6ea2f5-3bb1-4e1c-9b52-0a8a0c9f2f11",
            "create",
            "/api/v1/namespaces/default/pods",
            UserInfo.of("admin", "system:masters", "system:authenticated"),
            List.of("127.0.0.1"),
            "load",
            0,
            Optional.empty());
    return new CommitRequest(origin, List.of(change), false);
  }

  private static ObjectNode pod(String name) {
    ObjectNode pod = Json.MAPPER.createObjectNode().put("kind", "Pod").put("apiVersion", "v1");
    ObjectNode metadata = pod.putObject("metadata").put("name", name);
    metadata.put("namespace", "default").put("uid", "uid-of-" + name);
    metadata.putObject("labels").put("app", "web").put("hash", "h" + name.length());
    metadata.putArray("ownerReferences").addObject().put("uid", "owner");
    pod.putObject("spec").put("content", "x".repeat(CONTENT_BYTES));
    return pod;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
