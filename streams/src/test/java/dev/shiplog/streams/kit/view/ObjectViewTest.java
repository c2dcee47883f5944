package dev.shiplog.streams.kit.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectViewTest {

  private static final Index<Pod> BY_NODE =
      new Index<>(ResourceTypes.PODS, "node", pod -> List.of(pod.getSpec().getNodeName()));

  private final ObjectView<Pod> view = new ObjectView<>(ResourceTypes.PODS);

  @Test
  void aChangeHoldsWhatWasAndWhatIs() {
    apply(pod("a/p", "u1", "n1"), 1);

    ObjectChange<Pod> change = apply(pod("a/p", "u1", "n2"), 2).orElseThrow();

    assertThat(change.before().getSpec().getNodeName()).isEqualTo("n1");
    assertThat(change.after().getSpec().getNodeName()).isEqualTo("n2");
  }

  @Test
  void aTombstoneRemovesTheObjectFromEveryIndex() {
    view.declare(BY_NODE);
    apply(pod("a/p", "u1", "n1"), 1);

    view.apply("a/p", null, 2, 0);

    assertThat(view.get("a/p")).isEmpty();
    assertThat(view.byUid("u1")).isEmpty();
    assertThat(view.ownedBy("owner-u1")).isEmpty();
    assertThat(view.find(BY_NODE, "n1")).isEmpty();
    assertThat(view.sawDeletionOf("u1")).isTrue();
  }

  @Test
  void aTombstoneOfNothingStillMovesTheRevision() {
    assertThat(view.apply("a/p", null, 7, 0)).isEmpty();
    assertThat(view.revision()).isEqualTo(7);
  }

  @Test
  void whoSetWhichFieldIsNotHeld() {
    Pod pod =
        new PodBuilder(pod("a/p", "u1", "n1"))
            .editMetadata()
            .addNewManagedField()
            .withManager("kubectl")
            .endManagedField()
            .endMetadata()
            .build();

    apply(pod, 1);

    assertThat(view.get("a/p").orElseThrow().getMetadata().getManagedFields()).isEmpty();
    assertThat(view.get("a/p").orElseThrow().getSpec().getNodeName()).isEqualTo("n1");
  }

  @Test
  void eventsAreHeldWithoutTheirWords() {
    ObjectView<Event> events = new ObjectView<>(ResourceTypes.EVENTS);
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace("a")
            .withName("e")
            .withUid("uid-e")
            .endMetadata()
            .withMessage("it is so")
            .build();

    events.apply("a/e", KubernetesJson.bytes(event), 1, 0);

    assertThat(events.get("a/e").orElseThrow().getMetadata().getUid()).isEqualTo("uid-e");
    assertThat(events.get("a/e").orElseThrow().getMessage()).isNull();
  }

  @Test
  void configMapsAreHeldWithoutContentsButForTheClusters() {
    ObjectView<ConfigMap> maps = new ObjectView<>(ResourceTypes.CONFIG_MAPS);
    for (String name : List.of("big", ResourceTypes.ROOT_CA_CONFIG_MAP)) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace("a")
              .withName(name)
              .withUid("uid-" + name)
              .endMetadata()
              .addToData("k", "v")
              .build();
      maps.apply("a/" + name, KubernetesJson.bytes(map), maps.revision() + 1, 0);
    }

    assertThat(maps.get("a/big").orElseThrow().getData()).isNullOrEmpty();
    assertThat(maps.get("a/" + ResourceTypes.ROOT_CA_CONFIG_MAP).orElseThrow().getData())
        .containsEntry("k", "v");
  }

  @Test
  void aRecordReadBeforeChangesNothing() {
    apply(pod("a/p", "u1", "n1"), 1);
    view.apply("a/p", null, 2, 0);

    assertThat(apply(pod("a/p", "u1", "n1"), 1)).isEmpty();
    assertThat(view.get("a/p")).isEmpty();
  }

  @Test
  void aRecordWithoutARevisionTakesTheObjects() {
    apply(pod("a/p", "u1", "n1"), 5);

    view.apply("a/q", KubernetesJson.bytes(withRevision(pod("a/q", "u2", "n1"), 6)), 0, 0);

    assertThat(view.revision()).isEqualTo(6);
  }

  @Test
  void anIndexDeclaredLateFindsWhatIsThere() {
    apply(pod("a/p", "u1", "n1"), 1);

    view.declare(BY_NODE);

    assertThat(view.find(BY_NODE, "n1")).hasSize(1);
  }

  @Test
  void anIndexFollowsTheObjectsValue() {
    view.declare(BY_NODE);
    apply(pod("a/p", "u1", "n1"), 1);
    apply(pod("a/p", "u1", "n2"), 2);

    assertThat(view.find(BY_NODE, "n1")).isEmpty();
    assertThat(view.find(BY_NODE, "n2")).hasSize(1);
  }

  @Test
  void anIndexThatNobodyDeclaredIsAnError() {
    assertThatThrownBy(() -> view.find(BY_NODE, "n1")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNamespaceHoldsOnlyItsOwnObjects() {
    apply(pod("a/p", "u1", "n1"), 1);
    apply(pod("ab/p", "u2", "n1"), 2);
    apply(pod("a-b/p", "u3", "n1"), 3);

    assertThat(view.inNamespace("a"))
        .extracting(p -> p.getMetadata().getUid())
        .containsExactly("u1");
  }

  @Test
  void anObjectMadeAnewUnderItsNameBuriesTheOldUid() {
    apply(pod("a/p", "u1", "n1"), 1);
    apply(pod("a/p", "u2", "n1"), 2);

    assertThat(view.byUid("u1")).isEmpty();
    assertThat(view.sawDeletionOf("u1")).isTrue();
    assertThat(view.ownedBy("owner-u1")).isEmpty();
    assertThat(view.ownedBy("owner-u2")).hasSize(1);
  }

  @Test
  void aNameIsKnownAsRecentlyDeletedUntilItIsThereAgain() {
    apply(pod("a/p", "u1", "n1"), 1);
    view.apply("a/p", null, 2, 0);
    assertThat(view.recentlyDeleted("a/p")).isTrue();

    apply(pod("a/p", "u2", "n1"), 3);

    assertThat(view.recentlyDeleted("a/p")).isFalse();
  }

  @Test
  void selectionGoesByLabelsWithinTheNamespace() {
    apply(pod("a/p", "u1", "n1"), 1);
    apply(pod("b/p", "u2", "n1"), 2);

    assertThat(
            view.selected("a", new LabelSelectorBuilder().addToMatchLabels("app", "web").build()))
        .hasSize(1);
    assertThat(view.selected("a", new LabelSelectorBuilder().addToMatchLabels("app", "db").build()))
        .isEmpty();
  }

  @Test
  void theTimeOfTheLastChangeIsTheRecords() {
    view.apply("a/p", KubernetesJson.bytes(pod("a/p", "u1", "n1")), 1, 1234);

    assertThat(view.changedAt("a/p")).contains(Instant.ofEpochMilli(1234));
  }

  private Optional<ObjectChange<Pod>> apply(Pod pod, long revision) {
    String key = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    return view.apply(key, KubernetesJson.bytes(pod), revision, 0);
  }

  private static Pod pod(String key, String uid, String node) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(key.substring(0, key.indexOf('/')))
        .withName(key.substring(key.indexOf('/') + 1))
        .withUid(uid)
        .addToLabels("app", "web")
        .addNewOwnerReference()
        .withUid("owner-" + uid)
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }

  private static Pod withRevision(Pod pod, long revision) {
    pod.getMetadata().setResourceVersion(Long.toString(revision));
    return pod;
  }
}
