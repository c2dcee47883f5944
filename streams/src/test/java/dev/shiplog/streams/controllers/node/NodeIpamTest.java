package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.Source;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.Collection;
import org.junit.jupiter.api.Test;

/** A range with one block: the first node has it, and there is none for the others. */
class NodeIpamTest {

  private final NodeIpam controller = new NodeIpam("10.244.0.0/24");
  private final Scenario scenario = new Scenario(controller);

  @Test
  void aNodeForWhichNoBlockIsLeftIsToldSoAndNoOtherWithIt() {
    scenario.given(NODES, node("first", "10.244.0.0/24"));
    scenario.given(NODES, node("second", null));
    scenario.given(NODES, node("third", null));

    assertThat(scenario.reconcile("nodes").events()).isEmpty();
    assertThat(scenario.reconcile("tell/second").events())
        .extracting(EventRequest::reason, EventRequest::message)
        .containsExactly(tuple("CIDRNotAvailable", "Node second status is now: CIDRNotAvailable"));
  }

  @Test
  void nothingIsToldWhileABlockIsLeft() {
    scenario.given(NODES, node("first", null));

    assertThat(scenario.reconcile("tell/first").events()).isEmpty();
    assertThat(scenario.reconcile("nodes").commands()).hasSize(1);
  }

  @Test
  void aNodeThatComesConcernsItAndTheSharing() {
    Node node = scenario.given(NODES, node("second", null));

    assertThat(keysOf(null, node)).containsExactly("nodes", "tell/second");
  }

  /** It reports its status all the time, and nothing follows from that. */
  @Test
  void aNodeIsToldOnlyOnceThatNoBlockIsLeft() {
    Node before = scenario.given(NODES, node("second", null));
    Node after = scenario.given(NODES, node("second", null));

    assertThat(keysOf(before, after)).isEmpty();
  }

  @Test
  void aNodeThatCameJustNowIsLookedAtAgainWhileABlockIsLeft() {
    Node fresh = node("first", null);
    fresh.getMetadata().setCreationTimestamp(Scenario.NOW.toString());
    scenario.given(NODES, fresh);

    assertThat(scenario.reconcile("tell/first").requeueAfter()).isPresent();
  }

  @Test
  void theBlockOfANodeThatGoesIsForAnother() {
    Node gone = scenario.given(NODES, node("first", "10.244.0.0/24"));

    assertThat(keysOf(gone, null)).containsExactly("nodes");
  }

  @SuppressWarnings("unchecked") // it reads nodes only
  private Collection<String> keysOf(Node before, Node after) {
    Node latest = after == null ? before : after;
    ObjectChange<Node> change =
        new ObjectChange<>(NODES, latest.getMetadata().getName(), before, after, 9);
    Source<Node> source = (Source<Node>) controller.sources().getFirst();
    return source.keys().keys(change, scenario.views());
  }

  private static Node node(String name, String range) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR(range)
        .endSpec()
        .build();
  }
}
