package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the node's process takes over time. A thread of its own looks; the lists are guarded by
 * this.
 */
final class SoakRecord implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration COMMAND = Duration.ofMinutes(1);
  private static final String START_MARK = "<!-- soak: written by ./shiplog test --soak -->";
  private static final String END_MARK = "<!-- end of the soak -->";

  private final SoakNode node;
  private final Instant start = Instant.now();
  private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();
  private final List<SoakPlot.Point> resident = new ArrayList<>();
  private final List<SoakPlot.Point> pods = new ArrayList<>();
  private final List<SoakPlot.Point> alive = new ArrayList<>();
  private final List<Calm> calms = new ArrayList<>();
  private final List<Double> restarts = new ArrayList<>();

  /**
   * The process when nothing is under way.
   *
   * @param heapMb what is alive on the heap
   * @param files that are open
   */
  record Calm(long heapMb, long residentMb, long files, long threads) {}

  private SoakRecord(SoakNode node) {
    this.node = node;
  }

  /** Begins to look at a node that is up. */
  static SoakRecord of(SoakNode node) {
    SoakRecord record = new SoakRecord(node);
    var _ =
        record.looking.scheduleAtFixedRate(record::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return record;
  }

  /** Time since the beginning. */
  Duration clock() {
    return Duration.between(start, Instant.now()).truncatedTo(ChronoUnit.SECONDS);
  }

  private double minutes() {
    return Duration.between(start, Instant.now()).toMillis() / 60_000.0;
  }

  private void look() {
    try {
      long residentMb = residentMb(node.pid());
      long running = Processes.all().filter(each -> each.isShimBelow(node.data())).count();
      add(resident, (double) residentMb);
      add(pods, (double) running);
    } catch (IOException | RuntimeException ended) {
      // It is being started again.
    }
  }

  private synchronized void add(List<SoakPlot.Point> line, double value) {
    line.add(new SoakPlot.Point(minutes(), value));
  }

  synchronized void restarted() {
    restarts.add(minutes());
  }

  /** Measures the process, which has come to rest. */
  Calm calm() throws IOException {
    long pid = node.pid();
    Calm calm =
        new Calm(
            aliveMb(pid),
            residentMb(pid),
            count(Path.of("/proc/" + pid + "/fd")),
            count(Path.of("/proc/" + pid + "/task")));
    add(alive, (double) calm.heapMb());
    synchronized (this) {
      calms.add(calm);
    }
    return calm;
  }

  /** The Java virtual machine counts what is alive by collecting all that is not. */
  private static long aliveMb(long pid) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> command = List.of(jcmd.toString(), "" + pid, "GC.class_histogram");
    String total = Run.of(command, Map.of(), COMMAND).succeeded().lines().getLast();
    return Long.parseLong(total.strip().split(" +")[2]) >> 20;
  }

  private static long residentMb(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow(() -> new IOException("it has ended"));
    }
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  /** Draws it, and puts it and the figures into the page of the node. */
  synchronized void write(
      Path docs, Duration length, long seed, SoakWorkload workload, SoakTroubles troubles)
      throws IOException {
    Files.writeString(
        docs.resolve("performance-node-soak.svg"),
        new SoakPlot(length.toMinutes(), restarts)
            .line("MB resident", "#1b6ca8", resident)
            .line("pods on the node × 10", "#588157", times(pods, 10))
            .dots("MB alive on the heap", "#c8553d", alive)
            .svg());
    Path page = docs.resolve("performance-node.md");
    String text = Files.readString(page);
    int from = text.indexOf(START_MARK);
    int to = text.indexOf(END_MARK);
    if (from < 0 || to < from) {
      throw new IOException(page + " has lost its marks " + START_MARK + " and " + END_MARK);
    }
    String figures = figures(length, seed, workload, troubles);
    Files.writeString(
        page, text.substring(0, from + START_MARK.length()) + figures + text.substring(to));
  }

  private static List<SoakPlot.Point> times(List<SoakPlot.Point> line, int factor) {
    return line.stream().map(p -> new SoakPlot.Point(p.minute(), p.value() * factor)).toList();
  }

  private String figures(Duration length, long seed, SoakWorkload workload, SoakTroubles troubles) {
    StringBuilder text =
        new StringBuilder(
            "\n\nRun %s for %d minutes with seed %d on %d cores: %s; %s. Nothing was left.%n%n"
                .formatted(
                    start.truncatedTo(ChronoUnit.MINUTES),
                    length.toMinutes(),
                    seed,
                    Runtime.getRuntime().availableProcessors(),
                    workload.counts(),
                    troubles.counts()));
    text.append("| at rest | MB alive on the heap | MB resident | open files | threads |\n");
    text.append("|---|---|---|---|---|\n");
    for (int i = 0; i < calms.size(); i++) {
      Calm calm = calms.get(i);
      text.append(
          "| %.0f min | %d | %d | %d | %d |%n"
              .formatted(
                  alive.get(i).minute(),
                  calm.heapMb(),
                  calm.residentMb(),
                  calm.files(),
                  calm.threads()));
    }
    return text.append("\n![Memory over time](performance-node-soak.svg)\n\n").toString();
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
