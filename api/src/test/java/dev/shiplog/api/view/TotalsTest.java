package dev.shiplog.api.view;

import static dev.shiplog.api.view.TestObjects.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What objects of an index weigh together is what adding them up gives, at every revision. */
class TotalsTest {

  private static final String RULE = "Weighs";
  private static final List<String> NODES = List.of("", "n1", "n2");

  private final ObjectCodec codec = TestObjects.codec(new Weighing());
  private final Random random = new Random(4711);

  @Test
  void totalsAreWhatAddingUpGives() {
    List<State> history = new ArrayList<>(List.of(State.EMPTY));
    for (int i = 1; i <= 500; i++) {
      history.add(changed(history.getLast(), i));
    }

    for (State state : history) {
      for (String node : NODES) {
        assertThat(state.total(PODS, RULE, node).getOrDefault("cpu", Quantity.parse("0")))
            .isEqualByComparingTo(addedUp(state, node));
      }
    }
  }

  @Test
  void whereNothingIsThereIsNoTotal() {
    State state = State.EMPTY.plus(pod("a", "n1", 3, 1)).minus(PODS, "default/a", 2);

    assertThat(state.total(PODS, RULE, "n1")).isEmpty();
    assertThat(State.EMPTY.total(PODS, RULE, "n1")).isEmpty();
  }

  private State changed(State now, long revision) {
    String name = "p" + random.nextInt(6);
    if (now.get(PODS, "default/" + name) != null && random.nextInt(3) == 0) {
      return now.minus(PODS, "default/" + name, revision);
    }
    return now.plus(
        pod(name, NODES.get(random.nextInt(NODES.size())), random.nextInt(4), revision));
  }

  private EncodedObject pod(String name, String node, int cpu, long revision) {
    ObjectNode tree =
        TestObjects.tree(
            "{\"metadata\": {}, \"spec\": {\"nodeName\": \"%s\", \"cpu\": \"%dm\"}}"
                .formatted(node, cpu));
    ObjectKey key = new ObjectKey(PODS, "default", name);
    return codec.encode(key, key.text(), tree).at(revision);
  }

  private static Quantity addedUp(Snapshot state, String node) {
    Quantity sum = Quantity.parse("0");
    for (StoredObject pod : state.byIndex(PODS, RULE, node)) {
      sum = sum.plus(Quantity.parse(pod.tree().at("/spec/cpu").asText()));
    }
    return sum;
  }

  private static final class Weighing implements CommitRule {
    @Override
    public String name() {
      return RULE;
    }

    @Override
    public boolean concerns(StorageResource resource) {
      return true;
    }

    @Override
    public Collection<String> indexed(StorageResource resource, ObjectNode object) {
      String node = object.at("/spec/nodeName").asText();
      return node.isEmpty() ? List.of() : List.of(node);
    }

    @Override
    public Map<String, Quantity> weighed(StorageResource resource, ObjectNode object) {
      return Map.of("cpu", Quantity.parse(object.at("/spec/cpu").asText()));
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      // It only adds up.
    }
  }
}
