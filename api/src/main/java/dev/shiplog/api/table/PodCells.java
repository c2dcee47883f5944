package dev.shiplog.api.table;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;

/** Pods. */
final class PodCells {

  private PodCells() {}

  static void register(RowTable rows) {
    rows.core(
        "pods",
        List.of(
            Cells.name(),
            Cells.computed(pod -> PodSummary.of(pod).ready()),
            Cells.computed(pod -> PodSummary.of(pod).status()),
            PodCells::restarts,
            Cells.age(),
            Cells.computed(PodCells::address).about("status", "podIP"),
            Cells.fieldOr(Cells.NONE, "spec", "nodeName"),
            Cells.fieldOr(Cells.NONE, "status", "nominatedNodeName"),
            Cells.computed(PodCells::readinessGates).about("spec", "readinessGates")));
    rows.core(
        "podtemplates",
        List.of(
            Cells.name(),
            Cells.containers("template", "spec"),
            Cells.images("template", "spec"),
            Cells.labels("template", "metadata", "labels")));
  }

  private static TextNode restarts(ObjectNode pod, Instant now) {
    PodSummary summary = PodSummary.of(pod);
    boolean dated = summary.restarts() > 0 && !summary.lastRestart().isEmpty();
    return TextNode.valueOf(
        summary.restarts()
            + (dated ? " (" + Cells.since(summary.lastRestart(), now) + " ago)" : ""));
  }

  private static String address(ObjectNode pod) {
    List<ObjectNode> addresses = objects(pod, "status", "podIPs");
    String address =
        addresses.isEmpty() ? text(pod, "status", "podIP") : text(addresses.getFirst(), "ip");
    return Cells.or(address, Cells.NONE);
  }

  private static String readinessGates(ObjectNode pod) {
    if (absent(pod, "spec", "readinessGates")) {
      return Cells.NONE;
    }
    List<ObjectNode> gates = objects(pod, "spec", "readinessGates");
    long open =
        gates.stream()
            .filter(g -> Cells.condition(pod, text(g, "conditionType")).equals("True"))
            .count();
    return open + "/" + at(pod, "spec", "readinessGates").size();
  }
}
