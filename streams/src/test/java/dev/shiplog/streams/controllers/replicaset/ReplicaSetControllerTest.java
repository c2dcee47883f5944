package dev.shiplog.streams.controllers.replicaset;

import static dev.shiplog.streams.controllers.Objects.controlledBy;
import static dev.shiplog.streams.controllers.Objects.pod;
import static dev.shiplog.streams.controllers.Objects.replicaSet;
import static dev.shiplog.streams.controllers.Objects.running;
import static dev.shiplog.streams.controllers.Scenario.NOW;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaSetControllerTest {

  private final Scenario scenario = new Scenario(new ReplicaSetController());

  @Test
  void missingPodsAreCreatedFromTheTemplate() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 3));

    List<CommandRequest> creates = creates(scenario.reconcile("ns/web"));

    assertThat(creates).hasSize(3);
    JsonNode body = creates.getFirst().body();
    assertThat(body.at("/metadata/generateName").asText()).isEqualTo("web-");
    assertThat(body.at("/metadata/labels/app").asText()).isEqualTo("web");
    assertThat(body.at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo(set.getMetadata().getUid());
    assertThat(body.at("/metadata/ownerReferences/0/controller").asBoolean()).isTrue();
    assertThat(body.at("/metadata/ownerReferences/0/blockOwnerDeletion").asBoolean()).isTrue();
    assertThat(body.at("/spec/containers/0/image").asText()).isEqualTo("image:1");
  }

  @Test
  void askingAgainFromTheSameViewAsksForTheSameNames() {
    scenario.given(REPLICA_SETS, replicaSet("web", 3));

    assertThat(names(creates(scenario.reconcile("ns/web"))))
        .isEqualTo(names(creates(scenario.reconcile("ns/web"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void aPodThatIsReplacedDoesNotComeBackUnderItsName() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    String name = names(creates(scenario.reconcile("ns/web"))).getFirst();
    scenario.given(PODS, controlledBy(set, pod(name, "web")));
    scenario.deleted(PODS, "ns/" + name);

    assertThat(names(creates(scenario.reconcile("ns/web")))).hasSize(1).doesNotContain(name);
  }

  @Test
  void finishedAndTerminatingPodsAreReplaced() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 2));
    Pod failed = controlledBy(set, pod("web-1", "web"));
    failed.getStatus().setPhase("Failed");
    scenario.given(PODS, failed);
    Pod terminating = controlledBy(set, pod("web-2", "web"));
    terminating.getMetadata().setDeletionTimestamp(NOW.toString());
    scenario.given(PODS, terminating);

    assertThat(creates(scenario.reconcile("ns/web"))).hasSize(2);
  }

  @Test
  void aLargeSetStartsWithABoundedBatch() {
    scenario.given(REPLICA_SETS, replicaSet("web", 5000));

    assertThat(creates(scenario.reconcile("ns/web"))).hasSize(100);
  }

  @Test
  void surplusPodsAreDeletedThoseOfLeastUseFirst() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    givenRunning(set, "ready", true);
    givenRunning(set, "unready", false);
    scenario.given(PODS, controlledBy(set, pod("pending", "web")));

    assertThat(names(deletes(scenario.reconcile("ns/web"))))
        .containsExactlyInAnyOrder("pending", "unready");
  }

  @Test
  void aPodOfLowDeletionCostGoesFirst() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    givenRunning(set, "dear", true);
    Pod cheap = controlledBy(set, pod("cheap", "web"));
    cheap.getMetadata().setAnnotations(Map.of("controller.kubernetes.io/pod-deletion-cost", "-5"));
    scenario.given(PODS, running(cheap, "n1", true, NOW.minusSeconds(500)));

    assertThat(names(deletes(scenario.reconcile("ns/web")))).containsExactly("cheap");
  }

  @Test
  void aPodWhoseNodeHasMostOfItsKindGoesFirst() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 2));
    for (String name : List.of("a1", "a2")) {
      Pod pod = controlledBy(set, pod(name, "web"));
      scenario.given(PODS, running(pod, "crowded", true, NOW.minusSeconds(60)));
    }
    Pod alone = controlledBy(set, pod("b", "web"));
    scenario.given(PODS, running(alone, "empty", true, NOW.minusSeconds(60)));

    assertThat(names(deletes(scenario.reconcile("ns/web")))).hasSize(1).doesNotContain("b");
  }

  @Test
  void aDeleteIsAboutTheVeryPodThatWasSeen() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 0));
    Pod pod = scenario.given(PODS, controlledBy(set, pod("web-1", "web")));

    assertThat(deletes(scenario.reconcile("ns/web")).getFirst().precondition().uid())
        .isEqualTo(pod.getMetadata().getUid());
  }

  @Test
  void aMatchingPodWithoutAControllerIsAdopted() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    scenario.given(PODS, pod("stray", "web"));

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(creates(result)).isEmpty();
    CommandRequest adoption = patchOf(result, "stray");
    assertThat(adoption.body().at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo(set.getMetadata().getUid());
  }

  @Test
  void aPodOfAnotherControllerIsLeftAlone() {
    ReplicaSet other = scenario.given(REPLICA_SETS, replicaSet("other", 1));
    scenario.given(REPLICA_SETS, replicaSet("web", 0));
    scenario.given(PODS, controlledBy(other, pod("theirs", "web")));

    assertThat(deletes(scenario.reconcile("ns/web"))).isEmpty();
  }

  @Test
  void aPodThatNoLongerMatchesIsReleasedAndReplaced() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    Pod pod = scenario.given(PODS, controlledBy(set, pod("web-1", "relabelled")));

    CommandRequest release = patchOf(scenario.reconcile("ns/web"), "web-1");
    assertThat(release.body().at("/metadata/ownerReferences")).isEmpty();
    assertThat(release.precondition().resourceVersion())
        .isEqualTo(pod.getMetadata().getResourceVersion());
    pod.getMetadata().setOwnerReferences(List.of());
    scenario.given(PODS, pod);

    assertThat(creates(scenario.reconcile("ns/web"))).hasSize(1);
  }

  @Test
  void aSetThatIsBeingDeletedNeitherCreatesNorAdopts() {
    ReplicaSet set = replicaSet("web", 3);
    set.getMetadata().setDeletionTimestamp(NOW.toString());
    scenario.given(REPLICA_SETS, set);
    scenario.given(PODS, pod("stray", "web"));

    assertThat(scenario.reconcile("ns/web").commands())
        .allMatch(command -> command.target().subresource().equals("status"));
  }

  @Test
  void theStatusCountsItsPods() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 2));
    givenRunning(set, "web-1", true);
    givenRunning(set, "web-2", false);

    JsonNode status = status(scenario.reconcile("ns/web"));

    assertThat(status.get("replicas").asInt()).isEqualTo(2);
    assertThat(status.get("fullyLabeledReplicas").asInt()).isEqualTo(2);
    assertThat(status.get("readyReplicas").asInt()).isEqualTo(1);
    assertThat(status.get("availableReplicas").asInt()).isEqualTo(1);
    assertThat(status.get("observedGeneration").asLong()).isEqualTo(1);
  }

  @Test
  void aPodIsAvailableOnlyAfterItsMinReadySeconds() {
    ReplicaSet set =
        scenario.given(
            REPLICA_SETS,
            new ReplicaSetBuilder(replicaSet("web", 1))
                .editSpec()
                .withMinReadySeconds(30)
                .endSpec()
                .build());
    Pod pod = controlledBy(set, pod("web-1", "web"));
    scenario.given(PODS, running(pod, "n1", true, NOW.minusSeconds(10)));

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(status(result).has("availableReplicas")).isFalse();
    assertThat(result.requeueAfter()).contains(Duration.ofSeconds(20));
  }

  @Test
  void nothingIsAskedForWhenAllIsAsItShouldBe() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 1));
    givenRunning(set, "web-1", true);
    ReplicaSet reported =
        new ReplicaSetBuilder(set)
            .withNewStatus()
            .withObservedGeneration(1L)
            .withReplicas(1)
            .withFullyLabeledReplicas(1)
            .withReadyReplicas(1)
            .withAvailableReplicas(1)
            .withTerminatingReplicas(0)
            .endStatus()
            .build();
    scenario.given(REPLICA_SETS, reported);

    assertThat(scenario.reconcile("ns/web")).isEqualTo(Reconciliation.nothing());
  }

  @Test
  void creationsAndDeletionsAreTold() {
    ReplicaSet set = scenario.given(REPLICA_SETS, replicaSet("web", 2));
    assertThat(scenario.reconcile("ns/web").events())
        .hasSize(2)
        .extracting(EventRequest::reason)
        .containsOnly("SuccessfulCreate");

    set.getSpec().setReplicas(0);
    scenario.given(REPLICA_SETS, set);
    scenario.given(PODS, controlledBy(set, pod("web-1", "web")));
    assertThat(scenario.reconcile("ns/web").events())
        .extracting(EventRequest::reason)
        .containsExactly("SuccessfulDelete");
  }

  @Test
  void aRefusedPodIsTold() {
    scenario.given(REPLICA_SETS, replicaSet("web", 1));
    CommandRequest create = creates(scenario.reconcile("ns/web")).getFirst();

    Reconciliation result =
        scenario.reconcile(
            "ns/web", List.of(new RefusedCommand(create, 403, "Forbidden", "exceeded quota")));

    assertThat(result.events())
        .anySatisfy(event -> {
          assertThat(event.reason()).isEqualTo("FailedCreate");
          assertThat(event.message()).contains("exceeded quota");
        });
    assertThat(status(result).at("/conditions/0/type").asText()).isEqualTo("ReplicaFailure");
    assertThat(status(result).at("/conditions/0/reason").asText()).isEqualTo("FailedCreate");
  }

  private void givenRunning(ReplicaSet set, String name, boolean ready) {
    Pod pod = controlledBy(set, pod(name, set.getMetadata().getName()));
    scenario.given(PODS, running(new PodBuilder(pod).build(), "n1", ready, NOW.minusSeconds(60)));
  }

  private static List<CommandRequest> creates(Reconciliation result) {
    return withVerb(result, Verb.CREATE);
  }

  private static List<CommandRequest> deletes(Reconciliation result) {
    return withVerb(result, Verb.DELETE);
  }

  private static List<CommandRequest> withVerb(Reconciliation result, Verb verb) {
    return result.commands().stream().filter(command -> command.verb() == verb).toList();
  }

  private static List<String> names(List<CommandRequest> commands) {
    return commands.stream().map(command -> command.target().name()).toList();
  }

  private static CommandRequest patchOf(Reconciliation result, String name) {
    return withVerb(result, Verb.PATCH).stream()
        .filter(command -> command.target().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode status(Reconciliation result) {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("status"))
        .findFirst()
        .orElseThrow()
        .body()
        .get("status");
  }
}
