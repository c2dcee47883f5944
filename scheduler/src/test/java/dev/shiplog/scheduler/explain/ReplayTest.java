package dev.shiplog.scheduler.explain;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.podJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.scheduler.cycle.DecisionMark;
import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.cycle.Explanation.OfNode;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes have 4 cores. What is put for a revision is what there was then. */
class ReplayTest {

  private final Map<String, List<JsonNode>> lists = new HashMap<>();
  private final Replay replay =
      new Replay(
          (path, revision) -> lists.getOrDefault(path + "@" + revision, List.of()),
          DefaultProfile.create());

  private void put(String path, long revision, JsonNode... objects) {
    lists.computeIfAbsent(path + "@" + revision, key -> new ArrayList<>()).addAll(List.of(objects));
  }

  private static JsonNode node(String name) {
    return json(
        """
        {metadata: {name: '%s'}, status: {allocatable: {cpu: '4', memory: '8Gi', pods: '9'}}}
        """
            .formatted(name));
  }

  private static JsonNode pod(String name, String node, String cpu, String mark) {
    return podJson(
        name,
        """
        {metadata: {annotations: {'scheduler.shiplog.dev/decision': '%s'}},
         spec: {nodeName: '%s', containers: [{resources: {requests: {cpu: '%s'}}}]}}
        """
            .formatted(mark, node, cpu));
  }

  private static OfNode of(Explanation explanation, String node) {
    return explanation.nodes().stream()
        .filter(each -> each.name().equals(node))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDecisionIsExplainedFromTheStateItCameFrom() {
    put("/api/v1/nodes", 7, node("n1"), node("n2"));
    put("/api/v1/nodes", 0, node("later"));
    put("/api/v1/pods", 5, pod("full", "n1", "3", ""));
    JsonNode asked = pod("a", "n2", "2", "run=r number=4 pods=5 nodes=7");

    Explanation explanation = replay.explain(asked, 5, 7, DecisionMark.of(asked));

    assertThat(explanation.nodes()).extracting(OfNode::name).containsExactlyInAnyOrder("n1", "n2");
    assertThat(of(explanation, "n1").rejections().get("NodeResourcesFit").reasons())
        .containsExactly("Insufficient cpu");
    assertThat(of(explanation, "n2").feasible()).isTrue();
    assertThat(of(explanation, "n2").scores()).containsKey("NodeResourcesFit");
  }

  @Test
  void whatHadBeenDecidedAndNotReadYetCounts() {
    put("/api/v1/nodes", 7, node("n1"));
    put("/api/v1/pods", 5, pod("before", "", "3", ""));
    put(
        "/api/v1/pods",
        History.NOW,
        pod("before", "n1", "3", "run=r number=3 pods=5 nodes=7"),
        pod("after", "n1", "1", "run=r number=5 pods=5 nodes=7"),
        pod("otherRun", "n1", "1", "run=q number=1 pods=5 nodes=7"));
    JsonNode asked = pod("a", "", "1", "run=r number=4 pods=5 nodes=7");

    Explanation explanation = replay.explain(asked, 5, 7, DecisionMark.of(asked));
    assertThat(of(explanation, "n1").feasible()).isTrue();

    JsonNode larger = pod("a", "", "2", "run=r number=4 pods=5 nodes=7");
    explanation = replay.explain(larger, 5, 7, DecisionMark.of(larger));
    assertThat(of(explanation, "n1").feasible()).isFalse();
  }

  @Test
  void aPendingPodIsExplainedAsThingsAreNow() {
    put("/api/v1/nodes", History.NOW, node("n1"));
    put("/api/v1/pods", History.NOW, pod("a", "", "9", ""));

    Explanation explanation =
        replay.explain(pod("a", "", "9", ""), History.NOW, History.NOW, Optional.empty());

    assertThat(of(explanation, "n1").rejections()).containsOnlyKeys("NodeResourcesFit");
  }

  @Test
  void roomThatIsHeldForAnotherIsToldAsSuch() {
    put("/api/v1/nodes", History.NOW, node("n1"));
    put(
        "/api/v1/pods",
        History.NOW,
        podJson(
            "urgent",
            """
            {spec: {priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]},
             status: {nominatedNodeName: 'n1'}}
            """));
    Explanation explanation =
        replay.explain(pod("a", "", "2", ""), History.NOW, History.NOW, Optional.empty());
    assertThat(of(explanation, "n1").rejections().get("NodeResourcesFit").reasons())
        .containsExactly("Insufficient cpu (with default/urgent, nominated for it)");
    explanation = replay.explain(pod("a", "", "1", ""), History.NOW, History.NOW, Optional.empty());
    assertThat(of(explanation, "n1").feasible()).isTrue();
  }

  @Test
  void aMarkIsReadAsItWasWritten() {
    DecisionMark mark = new DecisionMark("mb3k", 57, 123, 120);
    assertThat(DecisionMark.of(pod("a", "n", "1", mark.toString()))).contains(mark);
    assertThat(DecisionMark.of(pod("a", "n", "1", "anything"))).isEmpty();
  }
}
