package dev.shiplog.streams.controllers.deployment;

import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.Kubelets;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.ClosedLoop;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole rollouts, with records, outcomes and commands delayed and interleaved at random. */
class RolloutLoopTest {

  private static final int REPLICAS = 6;
  private static final int MAX_SURGE = 2;
  private static final int MAX_UNAVAILABLE = 1;

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Kubelets kubelets = new Kubelets();
  private ClosedLoop loop;

  @AfterEach
  void noControllerThrew() {
    faults.assertNone();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aRolloutKeepsItsBoundsAtEveryStep(long seed) {
    startWith(seed, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    keepBounds();

    edit(deployment -> setImage(deployment, "image:2"));
    loop.runUntil(this::isComplete);

    assertThat(images()).containsOnly("image:2");
    assertThat(revision()).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void aRolloutKeepsItsBoundsThroughCrashes(long seed) {
    startWith(seed, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    keepBounds();
    Random random = new Random(seed);

    edit(deployment -> setImage(deployment, "image:2"));
    for (int crashes = 0; crashes < 5; crashes++) {
      for (int steps = random.nextInt(80); steps > 0; steps--) {
        loop.step();
      }
      loop.crash();
    }
    loop.runUntil(this::isComplete);

    assertThat(images()).containsOnly("image:2");
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void aTemplateChangedInTheMiddleOfARolloutWins(long seed) {
    startWith(seed, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    keepBounds();

    edit(deployment -> setImage(deployment, "image:2"));
    loop.runUntil(() -> images().contains("image:2"));
    edit(deployment -> setImage(deployment, "image:3"));
    loop.runUntil(this::isComplete);

    assertThat(images()).containsOnly("image:3");
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  void aTemplateThatNeverGetsReadyLeavesTheOldPodsServing(long seed) {
    startWith(seed, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    keepBounds();
    kubelets.makeReady(pod -> !image(pod).equals("broken"));

    edit(deployment -> setImage(deployment, "broken"));
    loop.settle();
    loop.pass(Duration.ofSeconds(700));

    assertThat(status().getConditions())
        .anyMatch(condition -> condition.getReason().equals("ProgressDeadlineExceeded"));

    edit(deployment -> setImage(deployment, "image:1"));
    loop.runUntil(this::isComplete);
    assertThat(images()).containsOnly("image:1");
    assertThat(revision()).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44})
  void recreateNeverRunsTwoTemplatesTogether(long seed) {
    startWith(
        seed,
        deployment -> {
          deployment.getSpec().getStrategy().setType("Recreate");
          deployment.getSpec().getStrategy().setRollingUpdate(null);
        });
    loop.runUntil(this::isComplete);
    loop.server().afterCommit(record -> assertThat(imagesEndingOnesIncluded()).hasSizeLessThan(2));

    edit(deployment -> setImage(deployment, "image:2"));
    loop.runUntil(this::isComplete);

    assertThat(images()).containsOnly("image:2");
  }

  @Test
  void aDeploymentScalesUpAndDown() {
    startWith(51, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);

    edit(deployment -> deployment.getSpec().setReplicas(250));
    loop.runUntil(this::isComplete);
    assertThat(livePods()).hasSize(250);

    edit(deployment -> deployment.getSpec().setReplicas(3));
    loop.runUntil(this::isComplete);
    assertThat(livePods()).hasSize(3);
  }

  @Test
  void onceAllIsDoneNothingMoreIsAsked() {
    startWith(61, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    loop.settle();
    int sent = loop.sent().size();

    loop.pass(Duration.ofMinutes(30));

    assertThat(loop.sent()).hasSize(sent);
  }

  @Test
  void itsHistoryIsKeptToTheLimit() {
    startWith(71, RolloutLoopTest::rolling);
    loop.runUntil(this::isComplete);
    edit(deployment -> deployment.getSpec().setRevisionHistoryLimit(2));
    for (int version = 2; version <= 6; version++) {
      String image = "image:" + version;
      edit(deployment -> setImage(deployment, image));
      loop.runUntil(this::isComplete);
    }
    loop.settle();

    assertThat(loop.server().list(REPLICA_SETS))
        .extracting(set -> set.getSpec().getTemplate().getSpec().getContainers().getFirst())
        .extracting("image")
        .containsExactlyInAnyOrder("image:4", "image:5", "image:6");
  }

  private void startWith(long seed, Consumer<Deployment> setup) {
    loop =
        new ClosedLoop(
            () ->
                new ControllerCore(
                    "controllers",
                    List.of(new DeploymentController(), new ReplicaSetController()),
                    new Random(seed),
                    faults),
            List.of(ResourceTypes.EVENTS),
            seed);
    loop.add(kubelets);
    Deployment deployment = Objects.deployment("web", REPLICAS);
    setup.accept(deployment);
    loop.server().create(DEPLOYMENTS, deployment);
  }

  private static void rolling(Deployment deployment) {
    var rolling = deployment.getSpec().getStrategy().getRollingUpdate();
    rolling.setMaxSurge(new IntOrString(MAX_SURGE));
    rolling.setMaxUnavailable(new IntOrString(MAX_UNAVAILABLE));
  }

  private void keepBounds() {
    loop.server()
        .afterCommit(record -> {
          assertThat(livePods().size()).as("pods").isLessThanOrEqualTo(REPLICAS + MAX_SURGE);
          assertThat(livePods().stream().filter(PodStates::isReady).count())
              .as("available pods")
              .isGreaterThanOrEqualTo(REPLICAS - MAX_UNAVAILABLE);
        });
  }

  private void edit(Consumer<Deployment> edit) {
    loop.server().edit(DEPLOYMENTS, "ns/web", edit);
  }

  private static void setImage(Deployment deployment, String image) {
    deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage(image);
  }

  private boolean isComplete() {
    Deployment deployment = loop.server().get(DEPLOYMENTS, "ns/web").orElseThrow();
    DeploymentStatus status = deployment.getStatus();
    int replicas = deployment.getSpec().getReplicas();
    return status != null
        && deployment.getMetadata().getGeneration().equals(status.getObservedGeneration())
        && equal(status.getUpdatedReplicas(), replicas)
        && equal(status.getReplicas(), replicas)
        && equal(status.getAvailableReplicas(), replicas)
        && livePods().size() == replicas;
  }

  private static boolean equal(Integer number, int other) {
    return number != null && number == other;
  }

  private DeploymentStatus status() {
    return loop.server().get(DEPLOYMENTS, "ns/web").orElseThrow().getStatus();
  }

  private String revision() {
    return Annotations.of(loop.server().get(DEPLOYMENTS, "ns/web").orElseThrow())
        .get(Annotations.REVISION);
  }

  private List<Pod> livePods() {
    return loop.server().list(PODS).stream().filter(PodStates::isActive).toList();
  }

  private List<String> images() {
    return livePods().stream().map(RolloutLoopTest::image).toList();
  }

  private Set<String> imagesEndingOnesIncluded() {
    return loop.server().list(PODS).stream()
        .map(RolloutLoopTest::image)
        .collect(Collectors.toSet());
  }

  private static String image(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getImage();
  }
}
