package dev.shiplog.bench.report;

import dev.shiplog.bench.parts.ObjectParts;
import dev.shiplog.bench.parts.OwnershipParts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures what is done with one object, small and large, and writes the figures into {@code
 * docs/performance-objects.md}. They are processor time of the measuring thread, so that other work
 * on the machine hardly shows; JMH, which runs the same steps, measures what the clock on the wall
 * says. Argument: the checkout's directory.
 */
public final class ObjectsReport {

  private static final int[] SIZES = {0, 10, 100, 1_000, 10_000};
  private static final long WARM_UP_NANOS = 500_000_000;
  private static final long ROUND_NANOS = 60_000_000;
  private static final int ROUNDS = 5;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<String, StringBuilder> rows = new LinkedHashMap<>();

  /** Where results go, so that no step can be left out as useless. */
  @SuppressWarnings("UnusedVariable") // written alone
  private volatile Object result;

  private ObjectsReport() {}

  public static void main(String[] arguments) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("Measured ").append(Instant.now().truncatedTo(ChronoUnit.MINUTES));
    text.append(" on: ").append(Machine.describe()).append(".\n\n");
    ObjectsReport creation = new ObjectsReport();
    List.of("pod", "deployment", "custom").forEach(creation::objects);
    ObjectsReport change = new ObjectsReport();
    List.of("pod", "custom").forEach(change::ownership);
    text.append(creation.table()).append('\n').append(change.table());
    Page.put(Path.of(arguments[0]).resolve("docs/performance-objects.md"), text.toString());
  }

  private void objects(String kind) {
    for (int items : SIZES) {
      ObjectParts parts = new ObjectParts();
      parts.kind = kind;
      parts.items = items;
      parts.prepare();
      cell(kind + ": parse", parts::parse);
      cell(kind + ": fillIn", parts::fillIn);
      cell(kind + ": validate", parts::validate);
      cell(kind + ": encode", parts::encode);
      cell(kind + ": all", parts::all);
    }
  }

  private void ownership(String kind) {
    for (int items : SIZES) {
      OwnershipParts parts = new OwnershipParts();
      parts.kind = kind;
      parts.items = items;
      parts.prepare();
      cell(kind + ": update", parts::update);
      cell(kind + ": applyTheSame", parts::applyTheSame);
      cell(kind + ": applyAChange", parts::applyAChange);
      cell(kind + ": patch", parts::patch);
    }
  }

  private void cell(String row, Supplier<?> step) {
    perRun(step, WARM_UP_NANOS);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, perRun(step, ROUND_NANOS));
    }
    rows.computeIfAbsent(row, _ -> new StringBuilder())
        .append(String.format(Locale.ROOT, " %,.1f |", best / 1e3));
  }

  /** Nanoseconds of processor time for one run, over as many as take that long. */
  private double perRun(Supplier<?> step, long nanos) {
    long start = threads.getCurrentThreadCpuTime();
    long spent;
    int runs = 0;
    do {
      result = step.get();
      runs++;
      spent = threads.getCurrentThreadCpuTime() - start;
    } while (spent < nanos);
    return (double) spent / runs;
  }

  private String table() {
    StringBuilder head = new StringBuilder("| µs |");
    for (int size : SIZES) {
      head.append(String.format(Locale.ROOT, " %,d items more |", size));
    }
    return head.append("\n|---|").append("---|".repeat(SIZES.length)).append('\n')
        + rows.entrySet().stream()
            .map(row -> "| " + row.getKey() + " |" + row.getValue() + "\n")
            .collect(Collectors.joining());
  }
}
