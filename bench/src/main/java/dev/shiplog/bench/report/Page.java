package dev.shiplog.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;

/** The page that shows the figures: what stands outside of the two marks is left as it is. */
public final class Page {

  private static final String START = "<!-- figures: written by ./shiplog bench -->";
  private static final String END = "<!-- end of the figures -->";

  /** What a phase should come to: operations per second at least, processor time at most. */
  private static final Map<String, String> TARGETS =
      Map.of(
          "create (1)", "p50 ≤ 1.0 ms",
          "create (32)", "≥ 5,000/s, ≤ 0.25 ms",
          "update (32)", "≥ 5,000/s, ≤ 0.25 ms",
          "get (32)", "≥ 8,000/s, ≤ 0.08 ms",
          "list all (2)", "≥ 60/s, ≤ 20 ms",
          "watch, 50", "≥ 150,000/s, ≤ 0.006 ms",
          "delete (32)", "≥ 5,000/s, ≤ 0.25 ms");

  private final StringBuilder text = new StringBuilder();

  Page(String when, String machine) {
    text.append("Measured ").append(when).append(" on: ").append(machine).append(".\n");
  }

  /** Adds a run of the load. */
  void add(String title, List<Result> results, long residentMb) {
    text.append("\n### ").append(title).append("\n\n");
    text.append(
        "| phase (clients) | per second | p50 ms | p99 ms | server CPU ms | failed | target |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (Result result : results) {
      text.append(
          "| %s | %,.0f | %.2f | %.2f | %.3f | %d | %s |%n"
              .formatted(
                  result.name(),
                  result.perSecond(),
                  result.p50Ms(),
                  result.p99Ms(),
                  result.cpuMs(),
                  result.failed(),
                  TARGETS.getOrDefault(result.name(), "")));
    }
    text.append("\nResident memory after it: ").append(residentMb).append(" MB (target 600).\n");
  }

  /** Adds what there is at scale. */
  void add(Scale scale) {
    Result watched = scale.watched();
    Result filled = scale.filled();
    text.append("\n### Scale\n\n| what | figure | target |\n|---|---|---|\n");
    row(
        watched.name() + " on one resource",
        "%,.0f deliveries/s, %.4f ms CPU each, %d missing, %d MB resident"
            .formatted(watched.perSecond(), watched.cpuMs(), watched.failed(), scale.watchingMb()),
        "they are served");
    row(
        "100,000 objects of 1 KB made",
        "%,.0f/s, %.3f ms CPU each, %d failed"
            .formatted(filled.perSecond(), filled.cpuMs(), filled.failed()),
        "");
    row(
        "`up` with them, to ready",
        "%.1f s, %d MB resident".formatted(scale.restartSeconds(), scale.restartedMb()),
        "< 10 s, < 1,200 MB");
    row(
        "a list of all of them",
        "%.1f s, %.0f ms CPU, %d MB resident after it"
            .formatted(scale.listed().p50Ms() / 1e3, scale.listed().cpuMs(), scale.listedMb()),
        "streams, < 1,200 MB");
  }

  private void row(String what, String figure, String target) {
    text.append("| %s | %s | %s |%n".formatted(what, figure, target));
  }

  /** Adds the parts of a commit. */
  void add(Collection<RunResult> parts) {
    text.append("\n### Parts of a commit (JMH)\n\n| part | µs | ± |\n|---|---|---|\n");
    text.append(parts.stream().map(Page::line).collect(Collectors.joining()));
  }

  /** Puts the figures into the page. */
  void write(Path file) throws IOException {
    put(file, text.toString());
  }

  /**
   * Puts figures between the two marks of a page.
   *
   * @throws IOException if it has lost them
   */
  public static void put(Path file, String figures) throws IOException {
    put(file, START, END, figures);
  }

  /**
   * Puts figures between two marks of a page that has several pairs of them.
   *
   * @throws IOException if it has lost them
   */
  public static void put(Path file, String startMark, String endMark, String figures)
      throws IOException {
    String page = Files.readString(file);
    int start = page.indexOf(startMark);
    int end = page.indexOf(endMark);
    if (start < 0 || end < start) {
      throw new IOException(file + " has lost its marks " + startMark + " and " + endMark);
    }
    Files.writeString(
        file,
        page.substring(0, start + startMark.length())
            + "\n\n"
            + figures
            + "\n"
            + page.substring(end));
  }

  private static String line(RunResult result) {
    String name = result.getParams().getBenchmark();
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f |%n",
        name.substring(name.lastIndexOf('.') + 1),
        result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreError());
  }
}
