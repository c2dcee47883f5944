package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.node.Pressure;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pods a node of two cores takes, and what it says of those that it does not. */
final class AdmissionTest extends OnTestNode {

  private static final int CRITICAL = 2_000_000_000;

  private static Pod with(String name, Consumer<PodSpecBuilder> change) {
    Pod pod = pod(name, container("main").build()).build();
    PodSpecBuilder spec = new PodSpecBuilder(pod.getSpec());
    change.accept(spec);
    return new PodBuilder(pod).withSpec(spec.build()).build();
  }

  private static Pod plain(String name) {
    return with(name, spec -> {});
  }

  private static Pod asking(String name, String resource, String amount) {
    return with(
        name,
        spec ->
            spec.editFirstContainer()
                .withNewResources()
                .withRequests(Map.of(resource, new Quantity(amount)))
                .endResources()
                .endContainer());
  }

  private void assertTaken(Pod pod) {
    node.assign(pod);
    node.awaitReady(pod.getMetadata().getName());
  }

  private void assertRefused(Pod pod, String reason, String message) {
    String name = pod.getMetadata().getName();
    node.assign(pod);
    node.awaitPhase(name, "Failed");
    assertThat(node.status(name).getReason()).isEqualTo(reason);
    assertThat(node.status(name).getMessage()).isEqualTo("Pod was rejected: " + message);
    assertThat(node.runtime.pod(TestPods.uid(name))).isEmpty();
  }

  @Test
  void aPodThatIsRefusedHasNoContainersAndAnEventSaysWhy() {
    node.pods.under(Set.of(Pressure.DISK));

    assertRefused(plain("web"), "Evicted", "The node had condition: [DiskPressure]. ");

    assertThat(node.status("web").getContainerStatuses()).isEmpty();
    assertThat(node.status("web").getConditions())
        .extracting(PodCondition::getType, PodCondition::getStatus)
        .containsExactlyInAnyOrder(
            tuple("Ready", "False"),
            tuple("ContainersReady", "False"),
            tuple("PodScheduled", "True"));
    await().until(() -> node.eventReasons().contains("Evicted"));
  }

  @Test
  void aPodThatIsRefusedGoesWhenItIsDeleted() {
    node.pods.under(Set.of(Pressure.DISK));
    node.assign(plain("web"));
    node.awaitPhase("web", "Failed");

    node.delete("web", 30);

    node.awaitGone("web");
  }

  @Nested
  final class UnderPressure {

    private Pod tolerating(String key) {
      return with(
          "web",
          spec ->
              spec.addNewToleration()
                  .withKey(key)
                  .withOperator("Exists")
                  .withEffect("NoSchedule")
                  .endToleration());
    }

    @Test
    void everyPressureIsNamed() {
      node.pods.under(Set.of(Pressure.PIDS, Pressure.DISK));

      assertRefused(
          plain("web"), "Evicted", "The node had condition: [DiskPressure PIDPressure]. ");
    }

    @Test
    void noTolerationHelpsWhereADiskIsShort() {
      node.pods.under(Set.of(Pressure.DISK));

      assertRefused(
          tolerating("node.kubernetes.io/disk-pressure"),
          "Evicted",
          "The node had condition: [DiskPressure]. ");
    }

    @Test
    void whereMemoryIsShortWhoHasAskedForWhatItNeedsIsTaken() {
      node.pods.under(Set.of(Pressure.MEMORY));

      assertTaken(asking("modest", "memory", "10Mi"));
      assertRefused(plain("web"), "Evicted", "The node had condition: [MemoryPressure]. ");
    }

    @Test
    void whereMemoryIsShortWhoToleratesItIsTaken() {
      node.pods.under(Set.of(Pressure.MEMORY));

      assertTaken(tolerating("node.kubernetes.io/memory-pressure"));
    }

    @Test
    void whatTheClusterCannotDoWithoutIsTaken() {
      node.pods.under(Set.of(Pressure.DISK));

      assertTaken(with("dns", spec -> spec.withPriority(CRITICAL)));
    }

    @Test
    void onceItIsOverPodsAreTakenAgain() {
      node.pods.under(Set.of(Pressure.DISK));
      node.pods.under(Set.of());

      assertTaken(plain("web"));
    }
  }

  @Nested
  final class AfterARestart {

    @TempDir private Path directory;

    @Test
    void aPodThatRunsGoesOnHoweverTheNodeIs() {
      TestNode.Shared machine = new TestNode.Shared();
      try (TestNode before = new TestNode(directory, machine)) {
        before.pods.snapshot(List.of());
        before.run("web");
      }

      try (TestNode after = new TestNode(directory, machine)) {
        after.pods.under(Set.of(Pressure.DISK));
        after.assign(plain("web"));
        after.pods.snapshot(List.of(plain("web")));

        after.awaitReady("web");
      }
    }

    @Test
    void aPodThatWasTakenUpIsStartedHoweverTheNodeIs() {
      node.pods.under(Set.of(Pressure.DISK));

      assertTaken(
          new PodBuilder(plain("web"))
              .withNewStatus()
              .withPhase("Pending")
              .withStartTime("2026-01-01T00:00:00Z")
              .endStatus()
              .build());
    }
  }

  @Nested
  final class Room {

    @Test
    void whoAsksForMoreThanIsLeftIsRefused() {
      assertTaken(asking("early", "cpu", "1500m"));

      assertRefused(
          asking("late", "cpu", "600m"),
          "OutOfcpu",
          "Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000");
      assertRefused(
          asking("large", "memory", "5Gi"),
          "OutOfmemory",
          "Node didn't have enough resource: memory, requested: 5368709120, used: 0,"
              + " capacity: 4294967296");
    }

    @Test
    void whatAPodAsksForAsAWholeCounts() {
      assertRefused(
          with(
              "web",
              spec ->
                  spec.withNewResources()
                      .withRequests(Map.of("cpu", new Quantity("3")))
                      .endResources()),
          "OutOfcpu",
          "Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000");
    }

    @Test
    void whoAsksForNothingFitsOnAFullNode() {
      assertTaken(asking("all", "cpu", "2"));

      assertTaken(plain("web"));
    }

    @Test
    void whatAPodHadIsFreeAsSoonAsItSaysThatItHasEnded() {
      assertTaken(
          new PodBuilder(asking("job", "cpu", "2"))
              .editSpec()
              .withRestartPolicy("Never")
              .endSpec()
              .build());
      node.runtime.hold("stopSandbox");
      node.runtime.exit(TestPods.uid("job"), "main", 0);
      node.awaitPhase("job", "Succeeded");

      assertTaken(asking("next", "cpu", "2"));
      node.runtime.release("stopSandbox");
    }

    @Test
    void whatAPodHadIsFreeAtOnceWhereTheClusterForgotThePod() {
      assertTaken(asking("lost", "cpu", "2"));
      node.runtime.hold("stopContainer");
      node.cluster.removePod(TestNode.NAMESPACE, "lost");

      assertTaken(asking("next", "cpu", "2"));
      node.runtime.release("stopContainer");
    }

    @Test
    void whatTheClusterCannotDoWithoutComesToAFullNode() {
      assertTaken(asking("all", "cpu", "2"));

      assertTaken(
          new PodBuilder(asking("dns", "cpu", "1"))
              .editSpec()
              .withPriority(CRITICAL)
              .endSpec()
              .build());
    }

    @Test
    void aPortOfTheHostIsTakenOnce() {
      assertTaken(withPort("early", null));

      assertRefused(
          withPort("late", "192.0.2.1"),
          "NodePorts",
          "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
    }

    @Test
    void onOtherAddressesOfTheHostItIsAnotherPort() {
      assertTaken(withPort("here", "192.0.2.1"));

      assertTaken(withPort("there", "192.0.2.2"));
    }

    private static Pod withPort(String name, String ip) {
      return with(
          name,
          spec ->
              spec.editFirstContainer()
                  .addNewPort()
                  .withContainerPort(80)
                  .withHostPort(8080)
                  .withHostIP(ip)
                  .endPort()
                  .endContainer());
    }
  }

  @Nested
  final class Placement {

    private static final String MISPLACED =
        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";

    private static Pod onDisk(String kind) {
      return with("web", spec -> spec.addToNodeSelector("disk", kind));
    }

    private void label(String kind) {
      node.cluster.put(
          new NodeBuilder()
              .withNewMetadata()
              .withName("east")
              .addToLabels("disk", kind)
              .endMetadata()
              .build());
    }

    @Test
    void aPodForAnotherKindOfNodeIsRefused() {
      label("hdd");

      assertRefused(onDisk("ssd"), "NodeAffinity", MISPLACED);
    }

    @Test
    void aLabelThatTheNodeHasJustGotCounts() {
      label("ssd");

      assertTaken(onDisk("ssd"));
    }

    @Test
    void theLabelsThatTheNodeGivesItselfAreKnownWithoutAskingTheCluster() {
      assertTaken(
          with(
              "web",
              spec ->
                  spec.addToNodeSelector("kubernetes.io/hostname", "east")
                      .addToNodeSelector("kubernetes.io/os", "linux")));
    }

    @Test
    void whereNobodyCanSayWhatLabelsTheNodeHasThePodIsTaken() {
      assertTaken(onDisk("ssd"));
    }
  }

  @Nested
  final class Means {

    @Test
    void aPodForAnotherSystemIsRefused() {
      assertRefused(
          with("web", spec -> spec.withNewOs("windows")),
          "PodOSNotSupported",
          "Failed to admit pod as the OS field doesn't match node OS");
    }

    @Test
    void aPodThatIsLabelledForAnotherSystemIsRefused() {
      assertRefused(
          new PodBuilder(plain("web"))
              .editMetadata()
              .addToLabels("kubernetes.io/os", "windows")
              .endMetadata()
              .build(),
          "PodOSSelectorNodeLabelDoesNotMatch",
          "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
    }

    @Test
    void groupsThatTheRuntimeWouldGetWrongAreRefused() {
      assertRefused(
          with(
              "web",
              spec ->
                  spec.withNewSecurityContext()
                      .withSupplementalGroupsPolicy("Strict")
                      .endSecurityContext()),
          "SupplementalGroupsPolicyNotSupported",
          "SupplementalGroupsPolicy=Strict is not supported in this node");
    }

    @Test
    void aPodThatReliesOnAppArmorDoesNotRunWithoutIt() {
      node.runtime.loseAppArmor();

      assertTaken(confined("free", "Unconfined"));
      assertRefused(
          confined("web", "RuntimeDefault"),
          "AppArmor",
          "Cannot enforce AppArmor: AppArmor is not enabled on the host");
    }

    private static Pod confined(String name, String type) {
      return with(
          name,
          spec ->
              spec.editFirstContainer()
                  .withNewSecurityContext()
                  .withNewAppArmorProfile()
                  .withType(type)
                  .endAppArmorProfile()
                  .endSecurityContext()
                  .endContainer());
    }
  }
}
