package dev.shiplog.api.view;

import static dev.shiplog.api.view.TestObjects.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Snapshot.Indexes;
import dev.shiplog.api.store.StoredEvent;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Snapshots: what is in them, how it is found, and that the past can be had back. */
class StateTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
  private static final List<String> NAMESPACES = List.of("default", "default-2", "kube");
  private static final List<String> VALUES = List.of("", "x", "y", "z");

  private final Random random = new Random(4711);
  private final List<State> history = new ArrayList<>(List.of(State.EMPTY));
  private final View view = new View(ViewLimits.DEFAULT, State.EMPTY, 0, 0);

  @Test
  void objectsAreListedInKeyOrderByNamespaceAndFromAPlaceOn() {
    State state = State.EMPTY;
    long revision = 0;
    for (String namespace : NAMESPACES.reversed()) {
      for (String name : NAMES.reversed()) {
        revision++;
        state = state.plus(object(namespace, name, "x", "y", revision));
      }
    }

    assertThat(keys(state, "", ""))
        .hasSize(15)
        .isSortedAccordingTo(String::compareTo)
        .startsWith("default-2/a");
    assertThat(keys(state, "default", ""))
        .containsExactly("default/a", "default/b", "default/c", "default/d", "default/e");
    assertThat(keys(state, "default", "default/c")).containsExactly("default/d", "default/e");
    assertThat(keys(state, "default", "default-2/zzz")).hasSize(5);
    assertThat(keys(state, "", "default/e")).hasSize(5).allMatch(key -> key.startsWith("kube/"));
    assertThat(keys(state, "none", "")).isEmpty();
    assertThat(state.count(PODS, "default")).isEqualTo(5);
    assertThat(state.count(PODS, "")).isEqualTo(15);
  }

  @Test
  void clusterWideObjectsAreListedUnderTheEmptyNamespace() {
    StorageResource nodes = StorageResource.of("nodes", "");
    ObjectKey key = new ObjectKey(nodes, "", "n");
    State state = State.EMPTY.plus(TestObjects.encode(key, Json.MAPPER.createObjectNode()).at(1));

    assertThat(state.list(nodes, "", "")).toIterable().hasSize(1);
    assertThat(state.get(key)).isPresent();
  }

  @Test
  void indexesFindExactlyWhatScanningFinds() {
    changeAtRandom(500);

    for (State state : history) {
      for (String value : VALUES) {
        assertThat(state.byIndex(PODS, Indexes.LABEL, "app=" + value))
            .containsExactlyElementsOf(scan(state, o -> value.equals(o.labels().get("app"))));
        assertThat(state.byIndex(PODS, Indexes.FIELD, "spec.nodeName=" + value))
            .containsExactlyElementsOf(
                scan(
                    state, o -> !value.isEmpty() && value.equals(o.fields().get("spec.nodeName"))));
        assertThat(state.byIndex(PODS, Indexes.OWNER, value))
            .containsExactlyElementsOf(scan(state, o -> o.ownerUids().contains(value)));
      }
    }
  }

  @Test
  void anyPastRevisionOfWhatIsKeptCanBeHadBack() {
    changeAtRandom(500);

    for (State then : history) {
      Snapshot past = view.at(then.revision());
      assertThat(past.revision()).isEqualTo(then.revision());
      assertThat(past.lastRevision(PODS)).isEqualTo(then.lastRevision(PODS));
      assertThat(past.list(PODS, "", "")).toIterable().containsExactlyElementsOf(all(then));
      for (String value : VALUES) {
        assertThat(past.byIndex(PODS, Indexes.LABEL, "app=" + value))
            .containsExactlyElementsOf(all(then.byIndex(PODS, Indexes.LABEL, "app=" + value)));
      }
    }
  }

  @Test
  void aSnapshotStaysAsItIsWhileTheStateMovesOn() {
    State before = State.EMPTY.plus(object("default", "a", "x", "y", 1));
    State after = before.plus(object("default", "a", "z", "z", 2)).minus(PODS, "default/a", 3);

    assertThat(before.get(PODS, "default/a").labels()).containsEntry("app", "x");
    assertThat(before.byIndex(PODS, Indexes.LABEL, "app=x")).hasSize(1);
    assertThat(after.count(PODS, "")).isZero();
    assertThat(after.revision()).isEqualTo(3);
    assertThat(after.lastRevision(PODS)).isEqualTo(3);
    assertThat(after.resources()).containsExactly(PODS);
  }

  private void changeAtRandom(int times) {
    for (int i = 0; i < times; i++) {
      State now = history.getLast();
      long revision = now.revision() + 1;
      String namespace = any(NAMESPACES);
      String name = any(NAMES);
      EncodedObject before = now.get(PODS, namespace + "/" + name);
      if (before != null && random.nextInt(3) == 0) {
        history.add(now.minus(PODS, before.keyText(), revision));
        EncodedObject deleted = before.withRevision(revision);
        view.record(PODS, new StoredEvent(revision, before, null, deleted));
      } else {
        EncodedObject after = object(namespace, name, any(VALUES), any(VALUES), revision);
        history.add(now.plus(after));
        view.record(PODS, new StoredEvent(revision, before, after, null));
      }
      view.publish(history.getLast(), revision);
    }
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static EncodedObject object(
      String namespace, String name, String label, String node, long revision) {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    ObjectNode metadata = tree.putObject("metadata");
    metadata.putObject("labels").put("app", label);
    if (!node.isEmpty()) {
      metadata.putArray("ownerReferences").addObject().put("uid", node);
    }
    tree.putObject("spec").put("nodeName", node);
    return TestObjects.encode(new ObjectKey(PODS, namespace, name), tree).at(revision);
  }

  private static List<StoredObject> scan(Snapshot state, Predicate<StoredObject> condition) {
    List<StoredObject> found = new ArrayList<>();
    state
        .list(PODS, "", "")
        .forEachRemaining(object -> {
          if (condition.test(object)) {
            found.add(object);
          }
        });
    return found;
  }

  private static List<StoredObject> all(Snapshot state) {
    return scan(state, _ -> true);
  }

  private static List<StoredObject> all(Collection<StoredObject> objects) {
    return List.copyOf(objects);
  }

  private static List<String> keys(Snapshot state, String namespace, String afterKey) {
    List<String> keys = new ArrayList<>();
    state.list(PODS, namespace, afterKey).forEachRemaining(o -> keys.add(o.key().text()));
    return keys;
  }
}
