package dev.shiplog.api.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.registry.NodeRoomRule;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.CommitStore;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.PodBinder.Bound;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node n has 4 cores and room for three pods. On a real store and a log in memory. */
class PodBinderTest {

  private static final ResourceType PODS =
      ResourceCatalogue.builtIn().find("", "v1", "pods").orElseThrow();
  private static final ObjectKey NODE = new ObjectKey(TestStore.NODES, "", "n");

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private JournalStore store;
  private PodBinder binder;

  @BeforeEach
  void start() {
    store = TestStore.started(log, faults, new NodeRoomRule());
    binder = binder(store);
    create(NODE, node("4"));
  }

  private static PodBinder binder(CommitStore store) {
    return new PodBinder(
        new Parts(
            store,
            null,
            new ObjectForms(ResourceCatalogue.builtIn()),
            new Admission(List.of()),
            new Identities(InstantSource.system(), Random::new)));
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  private static String node(String cpu) {
    return """
    {"apiVersion": "v1", "kind": "Node",
     "metadata": {"name": "n", "labels": {"topology.kubernetes.io/zone": "z1",
       "topology.kubernetes.io/region": "r1", "kubernetes.io/hostname": "n"}},
     "status": {"allocatable": {"cpu": "%s", "memory": "8Gi", "pods": "3"}}}
    """
        .formatted(cpu);
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void create(ObjectKey key, String json) {
    store.commit(TestStore.request(new ProposedChange.Create(key, tree(json)))).join();
  }

  private void pod(String name, String cpu) {
    create(
        TestStore.pod(name),
        """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"namespace": "default", "name": "%1$s", "uid": "uid-%1$s"},
         "spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "%2$s"}}}]}}
        """
            .formatted(name, cpu));
  }

  private static Bound toN(String name) {
    return new Bound(
        new Target(PODS, "binding", "default", name),
        "uid-" + name,
        "n",
        tree("{\"annotations\": {\"why\": \"because\"}}"));
  }

  private CompletableFuture<Long> bind(boolean allOrNone, String... names) {
    Caller caller =
        new Caller(
            UserInfo.of("tester"), "a", "/", List.of(), "", 0, Optional.empty(), Runnable::run);
    return binder.bind(
        caller, Stream.of(names).map(PodBinderTest::toN).toList(), allOrNone, Optional.empty());
  }

  @Test
  void aPodBearsTheZoneAndRegionOfItsNodeAndNoOtherLabelsOfIt() {
    pod("a", "1");
    bind(false, "a").join();
    assertThat(pod("a").at("/metadata/labels/topology.kubernetes.io~1zone").asText())
        .isEqualTo("z1");
    assertThat(pod("a").at("/metadata/labels/topology.kubernetes.io~1region").asText())
        .isEqualTo("r1");
    assertThat(pod("a").at("/metadata/labels").has("kubernetes.io/hostname")).isFalse();
  }

  private String nodeOf(String name) {
    return pod(name).path("spec").path("nodeName").asText();
  }

  private ObjectNode pod(String name) {
    return store.current().get(TestStore.pod(name)).orElseThrow().tree();
  }

  private void change(String name, Consumer<ObjectNode> edit) {
    StoredObject stored = store.current().get(TestStore.pod(name)).orElseThrow();
    ObjectNode changed = stored.tree();
    edit.accept(changed);
    store
        .commit(
            TestStore.request(
                new ProposedChange.Update(TestStore.pod(name), stored.revision(), changed)))
        .join();
  }

  private void shrinkNode(String cpu) {
    StoredObject stored = store.current().get(NODE).orElseThrow();
    store
        .commit(
            TestStore.request(new ProposedChange.Update(NODE, stored.revision(), tree(node(cpu)))))
        .join();
  }

  @Test
  void podsAreBoundInOneEntryWithTheirConditionsAndAnnotations() {
    pod("a", "1");
    pod("b", "1");
    long revision = store.current().revision();

    long bound = bind(false, "a", "b").join();

    assertThat(bound).isEqualTo(revision + 2);
    assertThat(nodeOf("a")).isEqualTo("n");
    assertThat(nodeOf("b")).isEqualTo("n");
    assertThat(pod("a").at("/status/conditions/0/type").asText()).isEqualTo("PodScheduled");
    assertThat(pod("a").at("/status/conditions/0/status").asText()).isEqualTo("True");
    assertThat(pod("a").at("/metadata/annotations/why").asText()).isEqualTo("because");
  }

  @Test
  void ofAllOrNoneNoneIsBoundIfOneIsGone() {
    pod("a", "1");

    assertThatThrownBy(bind(true, "a", "gone")::join).hasMessageContaining("\"gone\" not found");

    assertThat(nodeOf("a")).isEmpty();
  }

  @Test
  void otherwiseThoseAreBoundThatCanBe() {
    pod("a", "1");

    bind(false, "gone", "a").join();

    assertThat(nodeOf("a")).isEqualTo("n");
  }

  @Test
  void ofNoneThatCanBeBoundTheFirstTellsWhy() {
    assertThatThrownBy(bind(false, "gone", "lost")::join)
        .hasMessageContaining("\"gone\" not found");
  }

  @Test
  void aPodIsBoundOnce() {
    pod("a", "1");
    bind(false, "a").join();
    long revision = store.current().revision();

    assertThatThrownBy(bind(false, "a")::join)
        .hasMessageContaining("already assigned to node \"n\"");

    assertThat(store.current().revision()).isEqualTo(revision);
  }

  @Test
  void aNodeThatHasShrunkMeanwhileTakesNoMoreThanItHas() {
    pod("a", "3");
    shrinkNode("2");

    assertThatThrownBy(bind(false, "a")::join)
        .hasMessageContaining("node n has no room for it: with it the node would hold cpu: 3 of 2");

    assertThat(nodeOf("a")).isEmpty();
  }

  @Test
  void whatAnotherSchedulerHasBoundCounts() {
    pod("a", "3");
    pod("b", "2");
    bind(false, "a").join();

    assertThatThrownBy(bind(false, "b")::join).hasMessageContaining("cpu: 5 of 4");
  }

  @Test
  void thePodWithoutRoomIsLeftOutAndTheOthersAreBound() {
    pod("a", "1");
    pod("large", "4");
    pod("b", "1");

    bind(false, "a", "large", "b").join();

    assertThat(nodeOf("a")).isEqualTo("n");
    assertThat(nodeOf("large")).isEmpty();
    assertThat(nodeOf("b")).isEqualTo("n");
  }

  @Test
  void ofAllOrNoneNoneIsBoundIfOneHasNoRoom() {
    pod("a", "1");
    pod("large", "4");

    assertThatThrownBy(bind(true, "a", "large")::join).hasMessageContaining("no room");

    assertThat(nodeOf("a")).isEmpty();
  }

  @Test
  void aNodeTakesNoMorePodsThanItSays() {
    for (String name : List.of("a", "b", "c", "d")) {
      pod(name, "0");
    }
    bind(false, "a", "b", "c").join();

    assertThatThrownBy(bind(false, "d")::join).hasMessageContaining("pods: 4 of 3");
  }

  @Test
  void aPodThatHasEndedGivesItsRoomBack() {
    pod("a", "3");
    pod("b", "2");
    bind(false, "a").join();
    change("a", pod -> pod.withObject("/status").put("phase", "Succeeded"));

    bind(false, "b").join();

    assertThat(nodeOf("b")).isEqualTo("n");
  }

  @Test
  void aPodThatThisServerHasNotAppliedYetIsBoundWithTheOthers() {
    pod("a", "1");
    binder = binder(new LateStore(store));
    pod("b", "1");

    bind(false, "a", "b", "gone").join();

    assertThat(nodeOf("a")).isEqualTo("n");
    assertThat(nodeOf("b")).isEqualTo("n");
  }

  @Test
  void aPodThatIsBoundIsNominatedNoMore() {
    pod("a", "1");
    change("a", pod -> pod.withObject("/status").put("nominatedNodeName", "n"));

    bind(false, "a").join();

    assertThat(pod("a").path("status").has("nominatedNodeName")).isFalse();
  }
}
