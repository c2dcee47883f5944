package dev.shiplog.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import dev.shiplog.scheduler.framework.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTableTest {

  private final List<OfNode> nodes = new ArrayList<>();

  private void fits(String name, long score) {
    nodes.add(new OfNode(name, Map.of(), Map.of("NodeResourcesFit", score)));
  }

  private void turnedDown(String name, String plugin, String reason) {
    nodes.add(new OfNode(name, Map.of(plugin, Verdict.unschedulable(reason)), Map.of()));
  }

  private List<String> lines(String chosen, boolean every) {
    return new ExplanationTable(new Explanation(nodes), chosen, every).lines();
  }

  private void aThousandNodes() {
    for (int i = 0; i < 700; i++) {
      fits("fit-%03d".formatted(i), i / 10);
    }
    for (int i = 0; i < 200; i++) {
      turnedDown("full-%03d".formatted(i), "NodeResourcesFit", "Insufficient cpu");
    }
    for (int i = 0; i < 100; i++) {
      turnedDown(
          "tainted-%02d".formatted(i), "TaintToleration", "node(s) had untolerated taint(s)");
    }
  }

  @Test
  void ofFewNodesEachIsShownTheBestFirst() {
    fits("worse", 10);
    turnedDown("full", "NodeResourcesFit", "Insufficient cpu");
    fits("best", 90);
    assertThat(lines("best", false))
        .containsExactly(
            "NODE    VERDICT   TOTAL   NODERESOURCESFIT",
            "best    chosen    90      90",
            "worse   fits      10      10",
            "full    NodeResourcesFit: Insufficient cpu");
  }

  @Test
  void ofManyNodesTheBestAreShownAndThoseTurnedDownAreCounted() {
    aThousandNodes();
    assertThat(lines("", false))
        .hasSize(16)
        .contains("fit-690   fits      69      69")
        .contains("... 700 nodes fit, with totals from 0 to 69; --all shows them")
        .endsWith(
            "NODES   TURNED DOWN BY                                      FOR EXAMPLE",
            "200     NodeResourcesFit: Insufficient cpu                  full-000, full-001, full-002",
            "100     TaintToleration: node(s) had untolerated taint(s)   tainted-00, tainted-01,"
                + " tainted-02");
  }

  @Test
  void theChosenNodeIsShownHoweverManyAreBetterByNow() {
    aThousandNodes();
    assertThat(lines("fit-005", false)).contains("fit-005   chosen    0       0");
  }

  @Test
  void everyNodeIsShownWhereThatIsAskedFor() {
    aThousandNodes();
    assertThat(lines("", true)).hasSize(1_001);
  }
}
