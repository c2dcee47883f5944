package dev.shiplog.streams.controllers.garbagecollector;

import static dev.shiplog.streams.kit.ResourceTypes.CONFIG_MAPS;
import static dev.shiplog.streams.kit.ResourceTypes.DEPLOYMENTS;
import static dev.shiplog.streams.kit.ResourceTypes.EVENTS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;
import static dev.shiplog.streams.kit.ResourceTypes.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.Kubelets;
import dev.shiplog.streams.controllers.Objects;
import dev.shiplog.streams.controllers.deployment.DeploymentController;
import dev.shiplog.streams.controllers.replicaset.ReplicaSetController;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.core.ControllerCore;
import dev.shiplog.streams.kit.testing.ClosedLoop;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GarbageCollectorLoopTest {

  private static final List<ResourceType<?>> OWNING =
      List.of(DEPLOYMENTS, REPLICA_SETS, PODS, CONFIG_MAPS);

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private ClosedLoop loop;

  @AfterEach
  void noControllerThrew() {
    faults.assertNone();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatADeletedDeploymentOwnedIsDeletedAfterIt(long seed) {
    startWithDeployment(seed);

    loop.server().delete(DEPLOYMENTS, "ns/web", "Background");
    loop.settle();

    assertThat(loop.server().list(REPLICA_SETS)).isEmpty();
    assertThat(loop.server().list(PODS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void deletedInTheForegroundAnOwnerGoesLast(long seed) {
    startWithDeployment(seed);
    loop.server()
        .afterCommit(record -> {
          if (loop.server().list(DEPLOYMENTS).isEmpty()) {
            assertThat(loop.server().list(REPLICA_SETS)).isEmpty();
          }
          if (loop.server().list(REPLICA_SETS).isEmpty()) {
            assertThat(loop.server().list(PODS)).isEmpty();
          }
        });

    loop.server().delete(DEPLOYMENTS, "ns/web", "Foreground");
    loop.settle();

    assertThat(loop.server().list(DEPLOYMENTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void orphansStayAndBelongToNobody(long seed) {
    startWithDeployment(seed);
    String set = loop.server().list(REPLICA_SETS).getFirst().getMetadata().getName();
    loop.server().delete(DEPLOYMENTS, "ns/web", "Orphan");
    loop.settle();
    assertThat(loop.server().list(REPLICA_SETS)).hasSize(1);

    loop.server().delete(REPLICA_SETS, "ns/" + set, "Orphan");
    loop.settle();

    assertThat(loop.server().list(REPLICA_SETS)).isEmpty();
    assertThat(loop.server().list(PODS))
        .hasSize(3)
        .allMatch(pod -> pod.getMetadata().getOwnerReferences().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34})
  void aCollectorThatCrashedFindsWhatWasLeft(long seed) {
    startWithDeployment(seed);
    loop.server().delete(DEPLOYMENTS, "ns/web", "Background");
    for (int crashes = 0; crashes < 4; crashes++) {
      for (int steps = 0; steps < 15; steps++) {
        loop.step();
      }
      loop.crash();
    }

    loop.settle();

    assertThat(loop.server().list(PODS)).isEmpty();
  }

  @Test
  void anObjectWithAnOwnerLeftOnlyLosesTheReferenceToTheOther() {
    start(41);
    OwnerReference kept = reference(loop.server().create(CONFIG_MAPS, configMap("kept")));
    OwnerReference lost = reference(loop.server().create(CONFIG_MAPS, configMap("lost")));
    loop.server().create(CONFIG_MAPS, configMap("child", kept, lost));
    loop.settle();

    loop.server().delete(CONFIG_MAPS, "ns/lost", "Background");
    loop.settle();

    assertThat(
            loop.server()
                .get(CONFIG_MAPS, "ns/child")
                .orElseThrow()
                .getMetadata()
                .getOwnerReferences())
        .extracting(OwnerReference::getUid)
        .containsExactly(kept.getUid());
  }

  @Test
  void anOwnerThatWasNeverThereIsWaitedForAndThenTakenAsGone() {
    start(51);
    OwnerReference never =
        new OwnerReferenceBuilder()
            .withApiVersion("v1")
            .withKind("ConfigMap")
            .withName("never")
            .withUid("uid-never")
            .build();
    loop.server().create(CONFIG_MAPS, configMap("child", never));

    loop.pass(Graph.ARRIVAL_TIME.minusSeconds(1));
    assertThat(loop.server().get(CONFIG_MAPS, "ns/child")).isPresent();

    loop.pass(Duration.ofSeconds(2));
    assertThat(loop.server().get(CONFIG_MAPS, "ns/child")).isEmpty();
  }

  @Test
  void anObjectMadeAnewUnderItsNameIsNotTheOwner() {
    start(61);
    OwnerReference first = reference(loop.server().create(CONFIG_MAPS, configMap("owner")));
    loop.server().create(CONFIG_MAPS, configMap("child", first));
    loop.settle();
    loop.server().delete(CONFIG_MAPS, "ns/owner", "Background");
    loop.server().create(CONFIG_MAPS, configMap("owner"));

    loop.settle();

    assertThat(loop.server().get(CONFIG_MAPS, "ns/child")).isEmpty();
    assertThat(loop.server().get(CONFIG_MAPS, "ns/owner")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Background", "Foreground"})
  void objectsThatOwnEachOtherInACircleGoWithOneOfThem(String propagation) {
    start(65);
    List<String> names = List.of("one", "two", "three");
    List<ConfigMap> circle =
        names.stream().map(name -> loop.server().create(CONFIG_MAPS, configMap(name))).toList();
    for (int i = 0; i < circle.size(); i++) {
      OwnerReference owner = reference(circle.get((i + 1) % circle.size()));
      owner.setBlockOwnerDeletion(true);
      loop.server()
          .edit(
              CONFIG_MAPS,
              "ns/" + names.get(i),
              owned -> owned.getMetadata().setOwnerReferences(List.of(owner)));
    }
    loop.settle();
    assertThat(loop.server().list(CONFIG_MAPS)).hasSize(3);

    loop.server().delete(CONFIG_MAPS, "ns/one", propagation);
    loop.pass(Graph.ARRIVAL_TIME.multipliedBy(2));

    assertThat(loop.server().list(CONFIG_MAPS)).isEmpty();
  }

  @Test
  void nothingIsSaidAgainstAnOwnerOfAKindThatIsNotFollowed() {
    start(71);
    OwnerReference custom =
        new OwnerReferenceBuilder()
            .withApiVersion("example.com/v1")
            .withKind("Database")
            .withName("db")
            .withUid("uid-db")
            .build();
    loop.server().create(CONFIG_MAPS, configMap("child", custom));

    loop.pass(Duration.ofMinutes(1));

    assertThat(loop.server().get(CONFIG_MAPS, "ns/child")).isPresent();
  }

  private void start(long seed) {
    loop =
        new ClosedLoop(
            () ->
                new ControllerCore(
                    "controllers",
                    List.of(
                        new DeploymentController(),
                        new ReplicaSetController(),
                        new GarbageCollector(OWNING)),
                    new Random(seed),
                    faults),
            List.of(EVENTS),
            seed);
    loop.add(new Kubelets());
  }

  private void startWithDeployment(long seed) {
    start(seed);
    loop.server().create(DEPLOYMENTS, Objects.deployment("web", 3));
    loop.settle();
    assertThat(loop.server().list(PODS)).hasSize(3);
  }

  private static ConfigMap configMap(String name, OwnerReference... owners) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .withOwnerReferences(owners)
        .endMetadata()
        .build();
  }

  private static OwnerReference reference(ConfigMap owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .build();
  }
}
