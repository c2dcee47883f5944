package dev.shiplog.bench.workloads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.bench.report.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Waits for something to be so, as a client that watches sees it. */
final class Watch implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 300;

  private final InputStream events;
  private final CompletableFuture<Long> seen = new CompletableFuture<>();

  /**
   * Begins to watch; what is there already comes first.
   *
   * @param until gets every event, {@code {type, object}}, on a thread of the watch's
   */
  Watch(Client client, String path, Predicate<JsonNode> until)
      throws IOException, InterruptedException {
    events = client.open(path + (path.contains("?") ? "&" : "?") + "watch=true");
    Thread.ofVirtual().start(() -> read(until));
  }

  private void read(Predicate<JsonNode> until) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (until.test(JSON.readTree(line))) {
          seen.complete(System.nanoTime());
          return;
        }
      }
      seen.completeExceptionally(new IOException("the watch ended too early"));
    } catch (IOException | RuntimeException e) {
      seen.completeExceptionally(e);
    }
  }

  /**
   * Waits for it.
   *
   * @return when it was seen, as {@link System#nanoTime} counts
   */
  long await() throws IOException, InterruptedException {
    try {
      return seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("not seen after " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
