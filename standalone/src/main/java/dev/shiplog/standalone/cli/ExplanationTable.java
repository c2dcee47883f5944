package dev.shiplog.standalone.cli;

import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An explanation as a table: the best node first, those that are turned down last, each with what
 * every plugin says.
 *
 * @param chosen the node the pod is on; empty if on none
 */
record ExplanationTable(Explanation explanation, String chosen) {

  /** The lines, without trailing blanks. */
  List<String> lines() {
    List<String> plugins =
        explanation.nodes().stream()
            .flatMap(node -> node.scores().keySet().stream())
            .distinct()
            .toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("NODE", "VERDICT", "TOTAL"));
    plugins.forEach(plugin -> head.add(plugin.toUpperCase(Locale.ROOT)));
    rows.add(head);
    explanation.nodes().stream()
        .sorted(
            Comparator.comparing(OfNode::feasible)
                .thenComparingLong(OfNode::total)
                .reversed()
                .thenComparing(OfNode::name))
        .forEach(node -> rows.add(row(node, plugins)));
    return aligned(rows);
  }

  private List<String> row(OfNode node, List<String> plugins) {
    List<String> row = new ArrayList<>();
    row.add(node.name());
    if (!node.feasible()) {
      row.add(
          node.rejections().entrySet().stream()
              .map(each -> each.getKey() + ": " + String.join(", ", each.getValue().reasons()))
              .collect(Collectors.joining("; ")));
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
