package dev.shiplog.streams.controllers.deployment;

import static dev.shiplog.streams.controllers.Objects.controlledBy;
import static dev.shiplog.streams.controllers.Objects.deployment;
import static dev.shiplog.streams.controllers.Objects.pod;
import static dev.shiplog.streams.controllers.Scenario.NOW;
import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.topics.record.Command.Verb;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Single looks; whole rollouts are in {@link RolloutLoopTest}. */
class DeploymentControllerTest {

  private final Scenario scenario = new Scenario(new DeploymentController());

  @Test
  void aNewDeploymentGetsItsReplicaSet() {
    Deployment deployment = scenario.given(DEPLOYMENTS, deployment("web", 3));

    JsonNode set = single(Verb.CREATE, scenario.reconcile("ns/web")).body();

    String hash = set.at("/metadata/labels/pod-template-hash").asText();
    assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}");
    assertThat(set.at("/metadata/name").asText()).isEqualTo("web-" + hash);
    assertThat(set.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(set.at("/spec/selector/matchLabels/pod-template-hash").asText()).isEqualTo(hash);
    assertThat(set.at("/spec/selector/matchLabels/app").asText()).isEqualTo("web");
    assertThat(set.at("/spec/template/metadata/labels/pod-template-hash").asText()).isEqualTo(hash);
    assertThat(set.at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo(deployment.getMetadata().getUid());
    assertThat(annotation(set, "revision")).isEqualTo("1");
    assertThat(annotation(set, "desired-replicas")).isEqualTo("3");
    assertThat(annotation(set, "max-replicas")).isEqualTo("4");
  }

  @Test
  void theDeploymentCarriesTheRevisionOfItsTemplate() {
    scenario.given(DEPLOYMENTS, deployment("web", 3));

    CommandRequest patch =
        scenario.reconcile("ns/web").commands().stream()
            .filter(command -> command.target().plural().equals("deployments"))
            .filter(command -> command.target().subresource().isEmpty())
            .findFirst()
            .orElseThrow();

    assertThat(annotation(patch.body(), "revision")).isEqualTo("1");
  }

  @Test
  void theNameFollowsFromTheTemplateAlone() {
    assertThat(Templates.hash(deployment("web", 3).getSpec().getTemplate(), 0))
        .isEqualTo(Templates.hash(deployment("web", 5).getSpec().getTemplate(), 0))
        .isNotEqualTo(Templates.hash(withImage(deployment("web", 3), "image:2"), 0))
        .isNotEqualTo(Templates.hash(deployment("web", 3).getSpec().getTemplate(), 1));
  }

  @Test
  void annotationsAreTakenOverButForThoseAboutTheDeploymentItself() {
    Deployment deployment = deployment("web", 1);
    deployment
        .getMetadata()
        .setAnnotations(
            Map.of(
                "kubernetes.io/change-cause",
                "first",
                "kubectl.kubernetes.io/last-applied-configuration",
                "{}"));
    scenario.given(DEPLOYMENTS, deployment);

    JsonNode annotations =
        single(Verb.CREATE, scenario.reconcile("ns/web")).body().at("/metadata/annotations");

    assertThat(annotations.get("kubernetes.io/change-cause").asText()).isEqualTo("first");
    assertThat(annotations.has("kubectl.kubernetes.io/last-applied-configuration")).isFalse();
  }

  @Test
  void aTakenNameIsCountedAsACollision() {
    Deployment deployment = scenario.given(DEPLOYMENTS, deployment("web", 3));
    ReplicaSet foreign = set(deployment, "image:1", 3, 1);
    foreign.getMetadata().setOwnerReferences(List.of());
    foreign.getSpec().getSelector().setMatchLabels(Map.of("app", "other"));
    foreign.getMetadata().setLabels(Map.of("app", "other"));
    scenario.given(REPLICA_SETS, foreign);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(result.commands()).hasSize(1);
    assertThat(result.commands().getFirst().body().at("/status/collisionCount").asInt())
        .isEqualTo(1);
  }

  @Test
  void aNewTemplateSurgesFirst() {
    Deployment deployment = givenRollout(8, 2, 2);
    givenSet(deployment, "image:1", 8, 8, 1);

    CommandRequest create = single(Verb.CREATE, scenario.reconcile("ns/web"));

    assertThat(create.body().at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(annotation(create.body(), "revision")).isEqualTo("2");
  }

  @Test
  void oldPodsGoAsFarAsAvailabilityAllows() {
    Deployment deployment = givenRollout(8, 2, 2);
    String old = givenSet(deployment, "image:1", 8, 8, 1);
    givenSet(deployment, "image:2", 2, 0, 2);

    assertThat(sizeOf(old, scenario.reconcile("ns/web"))).isEqualTo(6);
  }

  @Test
  void oldPodsStayWhileTheNewOnesAreNotAvailable() {
    Deployment deployment = givenRollout(8, 2, 2);
    givenSet(deployment, "image:1", 6, 6, 1);
    givenSet(deployment, "image:2", 4, 0, 2);

    assertThat(patchesOfSets(scenario.reconcile("ns/web"))).isEmpty();
  }

  @Test
  void unavailableOldPodsGoFirst() {
    Deployment deployment = givenRollout(8, 2, 0);
    String broken = givenSet(deployment, "image:0", 4, 0, 1);
    String healthy = givenSet(deployment, "image:1", 6, 6, 2);
    givenSet(deployment, "image:2", 2, 2, 3);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(sizeOf(broken, result)).isZero();
    assertThat(patchesOfSets(result)).noneMatch(patch -> patch.target().name().equals(healthy));
  }

  @Test
  void surgeIsRoundedUpAndUnavailabilityDown() {
    Strategy strategy = Strategy.of(deployment("web", 3));

    assertThat(strategy.maxSurge()).isEqualTo(1);
    assertThat(strategy.maxUnavailable()).isZero();
    assertThat(strategy.maxReplicas()).isEqualTo(4);
    assertThat(strategy.minAvailable()).isEqualTo(3);
  }

  @Test
  void roundingNeverStopsEveryRollout() {
    Deployment deployment = deployment("web", 3);
    deployment.getSpec().getStrategy().getRollingUpdate().setMaxSurge(new IntOrString(0));
    deployment.getSpec().getStrategy().getRollingUpdate().setMaxUnavailable(new IntOrString("1%"));

    assertThat(Strategy.of(deployment).maxUnavailable()).isEqualTo(1);
  }

  @Test
  void goingBackToAnEarlierTemplateReusesItsSetWithANewRevision() {
    Deployment deployment = givenRollout(2, 1, 0);
    deployment.getSpec().setTemplate(withImage(deployment, "image:1"));
    scenario.given(DEPLOYMENTS, deployment);
    String first = givenSet(deployment, "image:1", 0, 0, 1);
    givenSet(deployment, "image:2", 2, 2, 2);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(withVerb(Verb.CREATE, result)).isEmpty();
    JsonNode patch = patchOf(first, result).body();
    assertThat(patch.at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(annotation(patch, "revision")).isEqualTo("3");
    assertThat(annotation(patch, "revision-history")).isEqualTo("1");
  }

  @Test
  void recreateEndsEveryOldPodFirst() {
    Deployment deployment = scenario.given(DEPLOYMENTS, recreate(deployment("web", 2)));
    deployment.getSpec().setTemplate(withImage(deployment, "image:2"));
    scenario.given(DEPLOYMENTS, deployment);
    String old = givenSet(deployment, "image:1", 2, 2, 1);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(sizeOf(old, result)).isZero();
    assertThat(withVerb(Verb.CREATE, result)).isEmpty();
  }

  @Test
  void recreateWaitsForPodsThatAreStillEnding() {
    Deployment deployment = recreate(deployment("web", 2));
    deployment.getSpec().setTemplate(withImage(deployment, "image:2"));
    scenario.given(DEPLOYMENTS, deployment);
    String old = givenSet(deployment, "image:1", 0, 0, 1);
    ReplicaSet set = scenario.views().of(REPLICA_SETS).get("ns", old).orElseThrow();
    var ending = controlledBy(set, pod("web-1", "web"));
    ending.getMetadata().setDeletionTimestamp(NOW.toString());
    scenario.given(PODS, ending);
    assertThat(withVerb(Verb.CREATE, scenario.reconcile("ns/web"))).isEmpty();

    scenario.deleted(PODS, "ns/web-1");

    assertThat(
            single(Verb.CREATE, scenario.reconcile("ns/web")).body().at("/spec/replicas").asInt())
        .isEqualTo(2);
  }

  @Test
  void aPausedDeploymentDoesNotRollOut() {
    Deployment deployment = givenRollout(4, 1, 1);
    deployment.getSpec().setPaused(true);
    scenario.given(DEPLOYMENTS, deployment);
    givenSet(deployment, "image:1", 4, 4, 1);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(withVerb(Verb.CREATE, result)).isEmpty();
    assertThat(condition(result, "Progressing").get("reason").asText())
        .isEqualTo("DeploymentPaused");
  }

  @Test
  void aPausedDeploymentScales() {
    Deployment deployment = givenRollout(6, 1, 1);
    deployment.getSpec().setPaused(true);
    scenario.given(DEPLOYMENTS, deployment);
    String set = givenSet(deployment, "image:1", 4, 4, 1);

    assertThat(sizeOf(set, scenario.reconcile("ns/web"))).isEqualTo(6);
  }

  @Test
  void aDeploymentBetweenTemplatesScalesInProportion() {
    Deployment deployment = givenRollout(20, 0, 0);
    deployment.getSpec().getStrategy().getRollingUpdate().setMaxSurge(new IntOrString(0));
    deployment.getSpec().getStrategy().getRollingUpdate().setMaxUnavailable(new IntOrString(2));
    scenario.given(DEPLOYMENTS, deployment);
    String old = givenSet(deployment, "image:1", 8, 8, 1, 10, 10);
    String current = givenSet(deployment, "image:2", 2, 2, 2, 10, 10);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(sizeOf(old, result)).isEqualTo(16);
    assertThat(sizeOf(current, result)).isEqualTo(4);
  }

  @Test
  void theStatusTellsAFinishedRollout() {
    Deployment deployment = givenRollout(2, 1, 0);
    givenSet(deployment, "image:2", 2, 2, 1);

    Reconciliation result = scenario.reconcile("ns/web");

    JsonNode status = status(result);
    assertThat(status.get("updatedReplicas").asInt()).isEqualTo(2);
    assertThat(status.get("availableReplicas").asInt()).isEqualTo(2);
    assertThat(status.has("unavailableReplicas")).isFalse();
    assertThat(status.get("observedGeneration").asInt()).isEqualTo(1);
    assertThat(condition(result, "Available").get("status").asText()).isEqualTo("True");
    assertThat(condition(result, "Progressing").get("reason").asText())
        .isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void tooFewAvailablePodsAreTold() {
    Deployment deployment = givenRollout(4, 1, 1);
    givenSet(deployment, "image:2", 4, 2, 1);

    assertThat(condition(scenario.reconcile("ns/web"), "Available").get("reason").asText())
        .isEqualTo("MinimumReplicasUnavailable");
  }

  @Test
  void aRolloutThatDoesNotMoveTimesOut() {
    Deployment deployment =
        new DeploymentBuilder(givenRollout(2, 1, 0))
            .withNewStatus()
            .withReplicas(2)
            .withUpdatedReplicas(2)
            .withUnavailableReplicas(2)
            .addNewCondition()
            .withType("Progressing")
            .withStatus("True")
            .withReason("ReplicaSetUpdated")
            .withLastUpdateTime(NOW.minusSeconds(601).toString())
            .withLastTransitionTime(NOW.minusSeconds(601).toString())
            .endCondition()
            .endStatus()
            .build();
    scenario.given(DEPLOYMENTS, deployment);
    givenSet(deployment, "image:2", 2, 0, 1);

    JsonNode progressing = condition(scenario.reconcile("ns/web"), "Progressing");

    assertThat(progressing.get("status").asText()).isEqualTo("False");
    assertThat(progressing.get("reason").asText()).isEqualTo("ProgressDeadlineExceeded");
  }

  @Test
  void aRolloutIsLookedAtWhenItsDeadlineEnds() {
    Deployment deployment = givenRollout(2, 1, 0);
    givenSet(deployment, "image:2", 2, 1, 1);

    assertThat(scenario.reconcile("ns/web").requeueAfter())
        .hasValueSatisfying(time -> assertThat(time.toSeconds()).isBetween(600L, 602L));
  }

  @Test
  void historyBeyondTheLimitIsDeletedOldestFirst() {
    Deployment deployment = givenRollout(1, 1, 0);
    deployment.getSpec().setRevisionHistoryLimit(1);
    scenario.given(DEPLOYMENTS, deployment);
    String first = givenSet(deployment, "image:0", 0, 0, 1);
    givenSet(deployment, "image:1", 0, 0, 2);
    givenSet(deployment, "image:2", 1, 1, 3);

    assertThat(withVerb(Verb.DELETE, scenario.reconcile("ns/web")))
        .extracting(command -> command.target().name())
        .containsExactly(first);
  }

  @Test
  void historyIsKeptUntilTheRolloutIsComplete() {
    Deployment deployment = givenRollout(1, 1, 0);
    deployment.getSpec().setRevisionHistoryLimit(0);
    scenario.given(DEPLOYMENTS, deployment);
    givenSet(deployment, "image:1", 0, 0, 1);
    givenSet(deployment, "image:2", 1, 0, 2);

    assertThat(withVerb(Verb.DELETE, scenario.reconcile("ns/web"))).isEmpty();
  }

  @Test
  void scalingIsTold() {
    scenario.given(DEPLOYMENTS, deployment("web", 3));

    EventRequest event = scenario.reconcile("ns/web").events().getFirst();

    assertThat(event.reason()).isEqualTo("ScalingReplicaSet");
    assertThat(event.message()).matches("Scaled up replica set web-\\S+ from 0 to 3");
  }

  @Test
  void aReplicaSetThatMatchesIsAdoptedFirst() {
    Deployment deployment = scenario.given(DEPLOYMENTS, deployment("web", 2));
    ReplicaSet orphan = set(deployment, "image:1", 2, 1);
    orphan.getMetadata().setOwnerReferences(List.of());
    scenario.given(REPLICA_SETS, orphan);

    Reconciliation result = scenario.reconcile("ns/web");

    assertThat(result.commands()).hasSize(1);
    assertThat(result.commands().getFirst().body().at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo(deployment.getMetadata().getUid());
  }

  /** A Deployment whose template is now image:2. */
  private Deployment givenRollout(int replicas, int maxSurge, int maxUnavailable) {
    Deployment deployment = deployment("web", replicas);
    deployment.getSpec().getStrategy().getRollingUpdate().setMaxSurge(new IntOrString(maxSurge));
    deployment
        .getSpec()
        .getStrategy()
        .getRollingUpdate()
        .setMaxUnavailable(new IntOrString(maxUnavailable));
    deployment.getSpec().setTemplate(withImage(deployment, "image:2"));
    return scenario.given(DEPLOYMENTS, deployment);
  }

  private String givenSet(Deployment deployment, String image, int size, int available, int rev) {
    int replicas = deployment.getSpec().getReplicas();
    boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
    Strategy strategy = Strategy.of(deployment);
    int max = paused ? size : replicas + strategy.maxSurge();
    return givenSet(deployment, image, size, available, rev, paused ? size : replicas, max);
  }

  private String givenSet(
      Deployment deployment, String image, int size, int available, int rev, int desired, int max) {
    ReplicaSet set = set(deployment, image, size, rev);
    set.getMetadata()
        .getAnnotations()
        .putAll(
            Map.of(
                Annotations.DESIRED_REPLICAS,
                Integer.toString(desired),
                Annotations.MAX_REPLICAS,
                Integer.toString(max)));
    scenario.given(
        REPLICA_SETS,
        new ReplicaSetBuilder(set)
            .withNewStatus()
            .withObservedGeneration(1L)
            .withReplicas(size)
            .withReadyReplicas(available)
            .withAvailableReplicas(available)
            .endStatus()
            .build());
    return set.getMetadata().getName();
  }

  private static ReplicaSet set(Deployment deployment, String image, int size, int revision) {
    Deployment of = new DeploymentBuilder(deployment).build();
    of.getSpec().setTemplate(withImage(deployment, image));
    String hash = Templates.hash(of.getSpec().getTemplate(), 0);
    Sets sets = new Sets(Optional.empty(), List.of());
    PlannedSet planned = sets.withNew(of, "web-" + hash, hash, size).current().orElseThrow();
    ReplicaSet set = planned.seen();
    set.getMetadata()
        .setAnnotations(new TreeMap<>(Map.of(Annotations.REVISION, Integer.toString(revision))));
    set.getMetadata().setCreationTimestamp(NOW.minusSeconds(1000L - revision).toString());
    return set;
  }

  private static PodTemplateSpec withImage(Deployment deployment, String image) {
    Deployment copy = new DeploymentBuilder(deployment).build();
    return new PodTemplateSpecBuilder(copy.getSpec().getTemplate())
        .editSpec()
        .editFirstContainer()
        .withImage(image)
        .endContainer()
        .endSpec()
        .build();
  }

  private static Deployment recreate(Deployment deployment) {
    deployment.getSpec().getStrategy().setType("Recreate");
    deployment.getSpec().getStrategy().setRollingUpdate(null);
    return deployment;
  }

  private static List<CommandRequest> withVerb(Verb verb, Reconciliation result) {
    return result.commands().stream().filter(command -> command.verb() == verb).toList();
  }

  private static CommandRequest single(Verb verb, Reconciliation result) {
    assertThat(withVerb(verb, result)).hasSize(1);
    return withVerb(verb, result).getFirst();
  }

  private static List<CommandRequest> patchesOfSets(Reconciliation result) {
    return withVerb(Verb.PATCH, result).stream()
        .filter(command -> command.target().plural().equals("replicasets"))
        .filter(command -> command.body().has("spec"))
        .toList();
  }

  private static CommandRequest patchOf(String set, Reconciliation result) {
    return withVerb(Verb.PATCH, result).stream()
        .filter(command -> command.target().name().equals(set))
        .findFirst()
        .orElseThrow();
  }

  private static int sizeOf(String set, Reconciliation result) {
    return patchOf(set, result).body().at("/spec/replicas").asInt(-1);
  }

  private static String annotation(JsonNode object, String name) {
    return object.at("/metadata/annotations/deployment.kubernetes.io~1" + name).asText();
  }

  private static JsonNode status(Reconciliation result) {
    return result.commands().stream()
        .filter(command -> command.target().subresource().equals("status"))
        .findFirst()
        .orElseThrow()
        .body()
        .get("status");
  }

  private static JsonNode condition(Reconciliation result, String type) {
    for (JsonNode condition : status(result).get("conditions")) {
      if (condition.get("type").asText().equals(type)) {
        return condition;
      }
    }
    throw new AssertionError("no condition " + type);
  }
}
