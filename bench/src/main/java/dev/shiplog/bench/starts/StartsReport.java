package dev.shiplog.bench.starts;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Machine;
import dev.shiplog.bench.report.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Measures each part in a process of its own against a Kafka that runs already: from the command to
 * being ready with and without the cache of a rehearsed start, its memory idle and with 10,000
 * objects; and the image's size. Writes it into {@code docs/performance-starts.md}. Argument: the
 * checkout's directory.
 */
public final class StartsReport {

  private static final int ROUNDS = 2;
  private static final int OBJECTS = 10_000;
  private static final Duration REST = Duration.ofSeconds(20);
  private static final String PAYLOAD = "x".repeat(1024);

  private final Surroundings around;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, Part> running = new LinkedHashMap<>();

  private StartsReport(Surroundings around) {
    this.around = around;
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    String machine = Machine.describe();
    try (Surroundings around = Surroundings.prepare(root)) {
      StartsReport report = new StartsReport(around);
      report.text.append(
          "Measured %s on: %s.%n%n"
              .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), machine));
      try {
        report.starts();
        report.memory();
      } finally {
        report.stop();
      }
      report.image();
      Page.put(root.resolve("docs/performance-starts.md"), report.text.toString());
    }
  }

  private void starts() throws Exception {
    text.append("| part | with the cache | processor time | without | processor time |\n");
    text.append("|---|---|---|---|---|\n");
    // Makes the topics; what is measured finds them.
    start(Surroundings.API_SERVER, true);
    around.admitNode();
    stop(Surroundings.API_SERVER);
    for (String part : List.of(Surroundings.API_SERVER, "controllers", "scheduler", "agent")) {
      List<Part.Start> with = new ArrayList<>();
      List<Part.Start> without = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        without.add(start(part, false));
        stop(part);
        with.add(start(part, true));
        if (round + 1 < ROUNDS) {
          stop(part);
        }
      }
      text.append("| %s | %s | %s |%n".formatted(part, row(with), row(without)));
      System.out.println(part + ": " + with + ", without the cache " + without);
    }
    text.append('\n');
  }

  private static String row(List<Part.Start> starts) {
    return starts.stream()
            .map(start -> "%.1f s".formatted(start.seconds()))
            .collect(Collectors.joining(", "))
        + " | "
        + starts.stream()
            .map(start -> "%.1f s".formatted(start.cpuSeconds()))
            .collect(Collectors.joining(", "));
  }

  private void memory() throws Exception {
    LockSupport.parkNanos(REST.toNanos());
    Map<String, Long> idle = resident();
    fill(around.client());
    LockSupport.parkNanos(REST.toNanos());
    Map<String, Long> full = resident();
    text.append("| resident | idle | with %,d objects |%n|---|---|---|%n".formatted(OBJECTS));
    for (String part : running.keySet()) {
      text.append("| %s | %d MB | %d MB |%n".formatted(part, idle.get(part), full.get(part)));
    }
    text.append('\n');
  }

  private Map<String, Long> resident() throws IOException {
    Map<String, Long> resident = new LinkedHashMap<>();
    for (Map.Entry<String, Part> part : running.entrySet()) {
      resident.put(part.getKey(), part.getValue().usage().residentMb());
    }
    return resident;
  }

  private static void fill(Client client) throws IOException, InterruptedException {
    for (int i = 0; i < OBJECTS; i++) {
      String body =
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bench-%d\"},\"data\":{\"a\":\"%s\"}}"
              .formatted(i, PAYLOAD);
      byte[] _ = client.send("POST", "/api/v1/namespaces/default/configmaps", body, 201);
    }
  }

  private void image() throws IOException, InterruptedException {
    Path archive = around.directory().resolve("image.tar");
    around.shiplog("make-image", archive.toString());
    long[] compressed = {0};
    try (OutputStream counting =
        new GZIPOutputStream(
            new OutputStream() {
              @Override
              public void write(int one) {
                compressed[0]++;
              }

              @Override
              public void write(byte[] bytes, int from, int length) {
                compressed[0] += length;
              }
            })) {
      Files.copy(archive, counting);
    }
    text.append(
        "The image, which is every part: %d MB as an archive, %d MB of it compressed.%n"
            .formatted(Files.size(archive) >> 20, compressed[0] >> 20));
    Files.delete(archive);
  }

  private Part.Start start(String name, boolean cache) throws Exception {
    Part part = Part.begin(around, name, cache);
    running.put(name, part);
    return part.awaitReady();
  }

  private void stop(String name) throws IOException {
    running.remove(name).close();
  }

  private void stop() throws IOException {
    for (Part part : new ArrayList<>(running.values()).reversed()) {
      part.close();
    }
  }
}
