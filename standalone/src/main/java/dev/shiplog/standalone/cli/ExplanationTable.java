package dev.shiplog.standalone.cli;

import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An explanation as a table: the best node first, those that are turned down last, each with what
 * every plugin says. Of many nodes the best are shown, and those that are turned down are counted
 * by what turns them down.
 *
 * @param chosen the node the pod is on; empty if on none
 * @param every whether to show every node, however many there are
 */
record ExplanationTable(Explanation explanation, String chosen, boolean every) {

  /** So many rows can be looked over. */
  static final int MOST_ROWS = 30;

  private static final int BEST = 10;
  private static final int NAMED = 3;

  /** The lines, without trailing blanks. */
  List<String> lines() {
    List<OfNode> sorted =
        explanation.nodes().stream()
            .sorted(
                Comparator.comparing(OfNode::feasible)
                    .thenComparingLong(OfNode::total)
                    .reversed()
                    .thenComparing(OfNode::name))
            .toList();
    return every || sorted.size() <= MOST_ROWS ? table(sorted) : summary(sorted);
  }

  private List<String> table(List<OfNode> nodes) {
    List<String> plugins =
        nodes.stream().flatMap(node -> node.scores().keySet().stream()).distinct().toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("NODE", "VERDICT", "TOTAL"));
    plugins.forEach(plugin -> head.add(plugin.toUpperCase(Locale.ROOT)));
    rows.add(head);
    nodes.forEach(node -> rows.add(row(node, plugins)));
    return aligned(rows);
  }

  private List<String> summary(List<OfNode> sorted) {
    List<String> lines = new ArrayList<>();
    List<OfNode> feasible = sorted.stream().filter(OfNode::feasible).toList();
    if (!feasible.isEmpty()) {
      lines.addAll(table(bestAndChosen(feasible)));
      if (feasible.size() > BEST) {
        lines.add(
            "... %d nodes fit, with totals from %d to %d; --all shows them"
                .formatted(
                    feasible.size(), feasible.getLast().total(), feasible.getFirst().total()));
      }
    }
    List<OfNode> others = sorted.stream().filter(node -> !node.feasible()).toList();
    if (!others.isEmpty()) {
      lines.addAll(feasible.isEmpty() ? List.of() : List.of(""));
      lines.addAll(aligned(byReason(others)));
    }
    return lines;
  }

  /** The chosen one may not be among the best, as when it was chosen long ago. */
  private List<OfNode> bestAndChosen(List<OfNode> feasible) {
    return IntStream.range(0, feasible.size())
        .filter(i -> i < BEST || feasible.get(i).name().equals(chosen))
        .mapToObj(feasible::get)
        .toList();
  }

  /** What turns most nodes down comes first. */
  private static List<List<String>> byReason(List<OfNode> nodes) {
    Map<String, List<String>> names = new TreeMap<>();
    for (OfNode node : nodes) {
      names.computeIfAbsent(reasons(node), why -> new ArrayList<>()).add(node.name());
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NODES", "TURNED DOWN BY", "FOR EXAMPLE"));
    names.entrySet().stream()
        .sorted(Comparator.comparingInt(each -> -each.getValue().size()))
        .forEach(each ->
            rows.add(
                List.of(
                    Integer.toString(each.getValue().size()),
                    each.getKey(),
                    String.join(", ", each.getValue().stream().limit(NAMED).toList()))));
    return rows;
  }

  private static String reasons(OfNode node) {
    return node.rejections().entrySet().stream()
        .map(each -> each.getKey() + ": " + String.join(", ", each.getValue().reasons()))
        .collect(Collectors.joining("; "));
  }

  private List<String> row(OfNode node, List<String> plugins) {
    List<String> row = new ArrayList<>();
    row.add(node.name());
    if (!node.feasible()) {
      row.add(reasons(node));
      return row;
    }
    row.add(node.name().equals(chosen) ? "chosen" : "fits");
    row.add(Long.toString(node.total()));
    Map<String, Long> scores = node.scores();
    plugins.forEach(plugin -> row.add(scores.containsKey(plugin) ? "" + scores.get(plugin) : "-"));
    return row;
  }

  /** What a filter says may be long: it runs over the columns that such a row does not have. */
  private static List<String> aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(column ->
                rows.stream()
                    .filter(row -> row.size() == columns || column == 0)
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      line.append(cell).append(" ".repeat(Math.max(0, widths[column] - cell.length()) + 3));
    }
    return line.toString().stripTrailing();
  }
}
