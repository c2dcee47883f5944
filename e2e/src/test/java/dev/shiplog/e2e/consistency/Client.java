package dev.shiplog.e2e.consistency;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.e2e.consistency.Call.Get;
import dev.shiplog.e2e.consistency.Call.Listing;
import dev.shiplog.e2e.consistency.Call.Outcome;
import dev.shiplog.e2e.consistency.Call.Version;
import dev.shiplog.e2e.consistency.Call.Write;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/**
 * One client: it asks one thing after the other, of any server, by dice of its own, and records
 * what it was told. One thread.
 */
final class Client implements Runnable {

  private static final int KEYS = 5;

  private final List<ApiServer> servers;
  private final Maps maps;
  private final Random random;
  private final String name;
  private final Queue<Call> calls;
  private final Queue<String> odd;
  private final Queue<String> unanswered;
  private final boolean careful;
  private final Pace pace = new Pace();
  private final Map<String, Long> known = new HashMap<>();
  private long someRevision;
  private int writes;

  /**
   * Makes one.
   *
   * @param calls where it records
   * @param odd where it says what no server should ever answer
   * @param unanswered where it says which answers it got instead of what it wanted to read
   * @param careful whether it asks none but servers that say they are ready
   */
  Client(
      List<ApiServer> servers,
      Maps maps,
      String name,
      long seed,
      Queue<Call> calls,
      Queue<String> odd,
      Queue<String> unanswered,
      boolean careful) {
    this.servers = servers;
    this.maps = maps;
    this.name = name;
    this.random = new Random(seed);
    this.calls = calls;
    this.odd = odd;
    this.unanswered = unanswered;
    this.careful = careful;
  }

  void stop() {
    pace.end();
  }

  @Override
  public void run() {
    try {
      while (pace.next()) {
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      odd.add(name + " failed: " + e);
    }
  }

  private void ask() throws InterruptedException {
    String key = "key-" + random.nextInt(KEYS);
    long at = known.getOrDefault(key, 0L);
    int dice = random.nextInt(100);
    if (dice < 40) {
      if (at == 0) {
        write("POST", maps.path(), key, 0, content());
      } else {
        write("PUT", maps.path(key), key, at, content());
      }
    } else if (dice < 45) {
      write("PUT", maps.path(key), key, -1, content());
    } else if (dice < 55 && at > 0) {
      write("DELETE", maps.path(key), key, at, null);
    } else if (dice < 80) {
      get(key);
    } else if (dice < 90) {
      list("", true);
    } else if (dice < 95 || someRevision == 0) {
      list("?resourceVersion=0", false);
    } else {
      list("?resourceVersionMatch=Exact&resourceVersion=" + someRevision, false);
    }
  }

  private String content() {
    return name + "-" + writes++;
  }

  /** As a load balancer chooses, where the client is careful. */
  private ApiServer any() throws InterruptedException {
    ApiServer chosen = servers.get(random.nextInt(servers.size()));
    while (careful && !chosen.isReady() && pace.next()) {
      chosen = servers.get(random.nextInt(servers.size()));
    }
    return chosen;
  }

  private void write(String method, String path, String key, long expected, String content)
      throws InterruptedException {
    String body =
        content == null ? Maps.onlyAt(expected) : Maps.body(key, content, Math.max(expected, 0));
    ApiServer server = any();
    long begun = System.nanoTime();
    Outcome outcome = Outcome.UNKNOWN;
    long revision = 0;
    String answer;
    try {
      HttpResponse<String> response = server.send(method, path, body);
      outcome = outcome(response);
      answer = response.statusCode() + (outcome == Outcome.DONE ? "" : " " + response.body());
      if (outcome == Outcome.DONE && content != null) {
        revision = Maps.revision(Maps.parse(response.body()));
      }
    } catch (IOException e) {
      answer = String.valueOf(e);
    }
    calls.add(
        new Write(begun, System.nanoTime(), key, expected, content, outcome, revision, answer));
    learn(key, outcome, revision);
    if (outcome == Outcome.DONE && random.nextBoolean()) {
      // What was just written is what a server that lags behind does not show.
      get(key);
    }
  }

  private void learn(String key, Outcome outcome, long revision) {
    if (outcome != Outcome.DONE) {
      // Whatever it was based on is not so, or may no longer be so: a get will tell.
      known.remove(key);
    } else if (revision == 0) {
      known.put(key, 0L);
    } else {
      known.put(key, revision);
      someRevision = random.nextInt(4) == 0 ? revision : someRevision;
    }
  }

  private Outcome outcome(HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case 200, 201 -> Outcome.DONE;
      case 404, 409, 429, 503 -> Outcome.REFUSED;
      case 504 -> Outcome.UNKNOWN;
      default -> {
        odd.add(response.statusCode() + " " + response.body());
        yield Outcome.UNKNOWN;
      }
    };
  }

  private void get(String key) throws InterruptedException {
    ApiServer server = any();
    long begun = System.nanoTime();
    try {
      HttpResponse<String> response = server.send("GET", maps.path(key), "");
      long ended = System.nanoTime();
      if (response.statusCode() == 200) {
        Version version = Maps.version(Maps.parse(response.body()));
        known.put(key, version.revision());
        calls.add(new Get(begun, ended, key, version));
      } else if (response.statusCode() == 404) {
        known.put(key, 0L);
        calls.add(new Get(begun, ended, key, null));
      } else {
        checkUnanswered(response);
      }
    } catch (IOException e) {
      unanswered.add(e.toString());
    }
  }

  private void list(String query, boolean linearizable) throws InterruptedException {
    ApiServer server = any();
    long begun = System.nanoTime();
    try {
      HttpResponse<String> response = server.send("GET", maps.path() + query, "");
      long ended = System.nanoTime();
      if (response.statusCode() == 200) {
        JsonNode list = Maps.parse(response.body());
        calls.add(new Listing(begun, ended, linearizable, Maps.revision(list), Maps.items(list)));
      } else {
        checkUnanswered(response);
      }
    } catch (IOException e) {
      unanswered.add(e.toString());
    }
  }

  /** A read may fail while there is no Kafka, or a server is behind; nothing else. */
  private void checkUnanswered(HttpResponse<String> response) {
    unanswered.add(response.statusCode() + " " + response.body());
    if (response.statusCode() != 503 && response.statusCode() != 504) {
      odd.add(response.statusCode() + " " + response.body());
    }
  }
}
