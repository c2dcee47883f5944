package dev.shiplog.e2e.consistency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** Clients and watchers on a namespace of their own, and the judgement of what they were told. */
public final class Workload {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<ApiServer> servers;
  private final Maps maps;
  private final long seed;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<Watched> watches = new ConcurrentLinkedQueue<>();
  private final Queue<String> odd = new ConcurrentLinkedQueue<>();
  private final Queue<String> failedReads = new ConcurrentLinkedQueue<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean careful;
  private long first;

  /** Makes one; its dice follow from the seed. */
  public Workload(List<ApiServer> servers, long seed) {
    this.servers = List.copyOf(servers);
    this.maps = new Maps("history-" + seed);
    this.seed = seed;
  }

  /** Lets its clients ask none but servers that are ready, as if a load balancer were between. */
  public Workload careful() {
    careful = true;
    return this;
  }

  /** Begins. */
  public void start(int howManyClients, int howManyWatchers) {
    String namespace =
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(maps.namespace());
    first = created("/api/v1/namespaces", namespace);
    for (int i = 0; i < howManyClients; i++) {
      Client client =
          new Client(
              servers, maps, "client-" + i, seed * 1000 + i, calls, odd, failedReads, careful);
      clients.add(client);
      threads.add(Thread.ofPlatform().daemon().start(client));
    }
    for (int i = 0; i < howManyWatchers; i++) {
      Watcher watcher = watcher(seed * 1000 + 500 + i);
      watchers.add(watcher);
      threads.add(Thread.ofPlatform().daemon().start(watcher));
    }
  }

  /** Waits until so many more writes were acknowledged. */
  public void awaitAcknowledged(int more) {
    long wanted = acknowledged() + more;
    await(() -> acknowledged() >= wanted, "acknowledged writes");
  }

  /** How many writes were acknowledged. */
  public long acknowledged() {
    return calls.stream()
        .filter(c -> c instanceof Call.Write write && write.outcome() == Call.Outcome.DONE)
        .count();
  }

  /** Ends it, and judges. All servers must be up again. */
  public void finishAndCheck(Path record) {
    clients.forEach(Client::stop);
    watchers.forEach(Watcher::stop);
    join();
    Timeline timeline = new Timeline(everything());
    List<String> faults = new ArrayList<>(new Checker(timeline).check(calls, watches));
    faults.addAll(odd);
    if (!faults.isEmpty()) {
      write(record);
      throw new AssertionError(
          "seed %d: %d faults, the calls are in %s; first %s"
              .formatted(
                  seed,
                  faults.size(),
                  record,
                  String.join("\n", faults.subList(0, Math.min(5, faults.size())))));
    }
  }

  /** What clients got instead of what they wanted to read. */
  public List<String> failedReads() {
    return List.copyOf(failedReads);
  }

  /** Writes of which their clients do not know what became. */
  public List<String> unknownWrites() {
    return calls.stream()
        .filter(c -> c instanceof Call.Write write && write.outcome() == Call.Outcome.UNKNOWN)
        .map(Call::toString)
        .toList();
  }

  /** What was asked and seen, in figures. */
  public String summary() {
    return "%d calls, %d writes acknowledged, %d watches with %d events"
        .formatted(
            calls.size(),
            acknowledged(),
            watches.size(),
            watches.stream().mapToLong(watch -> watch.events().size()).sum());
  }

  /** One watch from the very beginning, when all is over. */
  private List<Event> everything() {
    long last = created(maps.path(), Maps.body("last", "last", 0));
    Watched all = null;
    for (int tries = 0; tries < 20 && (all == null || all.upTo() < last); tries++) {
      try {
        ApiServer server = servers.get(tries % servers.size());
        all = watcher(0).watch(server, first, 30, last);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (all == null || all.upTo() < last) {
      throw new AssertionError("no watch from revision " + first + " brings revision " + last);
    }
    return all.events();
  }

  private Watcher watcher(long dice) {
    return new Watcher(servers, maps, dice, first, watches, odd);
  }

  /** Creates something, with patience: a server may be about to find its leader. */
  private long created(String path, String body) {
    String[] answer = {""};
    await(
        () -> {
          answer[0] = post(path, body);
          return answer[0].startsWith("201 ");
        },
        "a creation at " + path);
    return Maps.revision(Maps.parse(answer[0].substring(4)));
  }

  private String post(String path, String body) {
    try {
      HttpResponse<String> response = servers.getFirst().send("POST", path, body);
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return "0 " + e;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void await(Callable<Boolean> condition, String what) {
    Awaitility.await(what).atMost(PATIENCE).until(condition);
  }

  private void join() {
    for (Thread thread : threads) {
      try {
        if (!thread.join(PATIENCE)) {
          throw new AssertionError("a client still waits for its answer");
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private void write(Path record) {
    List<String> lines = new ArrayList<>();
    calls.forEach(call -> lines.add(call.toString()));
    watches.forEach(watch -> lines.add(watch.toString()));
    try {
      Files.createDirectories(record.toAbsolutePath().getParent());
      Files.write(record, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError(e);
  }
}
