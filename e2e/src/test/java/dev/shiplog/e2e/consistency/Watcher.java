package dev.shiplog.e2e.consistency;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/**
 * Watches one server after the other, each from where the one before ended or from some time ago.
 * One thread.
 */
final class Watcher implements Runnable {

  private final List<ApiServer> servers;
  private final Maps maps;
  private final Random random;
  private final Queue<Watched> watches;
  private final Queue<String> odd;
  private final long first;
  private final Pace pace = new Pace();

  /**
   * Makes one.
   *
   * @param first the revision that the first watch begins after
   */
  Watcher(
      List<ApiServer> servers,
      Maps maps,
      long seed,
      long first,
      Queue<Watched> watches,
      Queue<String> odd) {
    this.servers = servers;
    this.maps = maps;
    this.random = new Random(seed);
    this.first = first;
    this.watches = watches;
    this.odd = odd;
  }

  void stop() {
    pace.end();
  }

  @Override
  public void run() {
    long after = first;
    try {
      while (pace.next()) {
        ApiServer server = servers.get(random.nextInt(servers.size()));
        Watched watched = watch(server, after, 1 + random.nextInt(8), Long.MAX_VALUE);
        watches.add(watched);
        // Now and then it is all asked for once more.
        after = random.nextInt(5) == 0 ? first : watched.upTo();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      odd.add("a watch failed: " + e);
    }
  }

  /** Watches until the time is over, or the connection breaks, or a revision was reached. */
  Watched watch(ApiServer server, long after, int seconds, long until) throws InterruptedException {
    List<Event> events = new ArrayList<>();
    long seen = after;
    String query =
        "?watch=true&allowWatchBookmarks=true&resourceVersion=%d&timeoutSeconds=%d"
            .formatted(after, seconds);
    try {
      HttpResponse<InputStream> response = server.watch(maps.path() + query);
      if (response.statusCode() != 200) {
        checkRefused(response.statusCode());
        return new Watched(after, after, events);
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine();
            line != null && seen < until && line.endsWith("}");
            line = lines.readLine()) {
          seen = Math.max(seen, take(Maps.parse(line), events));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // It broke, perhaps in the middle of a line: what came before it came.
    }
    return new Watched(after, seen, events);
  }

  private long take(JsonNode event, List<Event> into) {
    JsonNode object = event.path("object");
    String type = event.path("type").asText();
    switch (type) {
      case "ADDED", "MODIFIED" ->
          into.add(
              new Event(Maps.revision(object), Maps.name(object), Maps.version(object).content()));
      case "DELETED" -> into.add(new Event(Maps.revision(object), Maps.name(object), null));
      case "BOOKMARK" -> {}
      default -> {
        if (object.path("code").asInt() != 503) {
          odd.add("a watch ended with " + event);
        }
        return 0;
      }
    }
    return Maps.revision(object);
  }

  private void checkRefused(int code) {
    if (code != 503 && code != 504) {
      odd.add("a watch was refused with " + code);
    }
  }
}
