package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.VolumeReader;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.topics.journal.CommandResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims that wait for their first consumer: a pod gets a node, then its claims, then is bound. */
class VolumeWaitsTest {

  private final RecordingOutbox outbox = new RecordingOutbox();
  private final Scheduler scheduler = new Scheduler(DefaultProfile.create(), () -> 0, outbox);
  private final Pod pod = user("p", "data");

  @BeforeEach
  void twoNodes() {
    scheduler.putNode(node("n1"), 0);
    scheduler.putNode(node("n2"), 0);
  }

  private static Pod user(String name, String claim) {
    return pod(
        name,
        "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: '%s'}}]}".formatted(claim));
  }

  private void storageClass(String provisioner) {
    var read =
        VolumeReader.storageClass(
            json(
                "{provisioner: '%s', volumeBindingMode: 'WaitForFirstConsumer'}"
                    .formatted(provisioner)));
    scheduler.changeVolumes(volumes -> volumes.putClass("fast", read), 0);
  }

  private void claim(String name, String annotations, String volume, long nowMs) {
    var read =
        VolumeReader.claim(
            json(
                """
                {metadata: {uid: 'uid-%s', annotations: %s},
                 spec: {storageClassName: 'fast', volumeName: '%s',
                   resources: {requests: {storage: '1Gi'}}},
                 status: {phase: '%s'}}
                """
                    .formatted(name, annotations, volume, volume.isEmpty() ? "Pending" : "Bound")));
    scheduler.changeVolumes(volumes -> volumes.putClaim("default/" + name, read), nowMs);
  }

  private void volumeOnSecondNode(String claimRef) {
    var read =
        VolumeReader.volume(
            json(
                """
                {metadata: {uid: 'u', resourceVersion: '4'},
                 spec: {storageClassName: 'fast', capacity: {storage: '2Gi'}, %s
                   nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [
                     {key: 'kubernetes.io/hostname', operator: 'In', values: ['n2']}]}]}}}}
                """
                    .formatted(claimRef)));
    scheduler.changeVolumes(volumes -> volumes.putVolume("disk", read), 0);
  }

  private static String on(String node) {
    return "{'volume.kubernetes.io/selected-node': '%s'}".formatted(node);
  }

  @Test
  void aVolumeIsKeptForTheClaimAndThePodIsBoundOnceTheClaimIs() {
    storageClass("kubernetes.io/no-provisioner");
    volumeOnSecondNode("");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("keep disk for default/data");
    scheduler.run(9, 1_000);
    assertThat(outbox.binds).isEmpty();
    assertThat(scheduler.waitingForVolumesCount()).isEqualTo(1);
    claim("data", "{}", "disk", 2_000);
    scheduler.run(9, 2_000);
    assertThat(outbox.binds).containsExactly("p->n2");
    assertThat(scheduler.waitingForVolumesCount()).isZero();
  }

  @Test
  void aVolumeIsMadeOnTheChosenNode() {
    storageClass("example.com/disks");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("make a volume for default/data on n1");
    claim("data", on("n1"), "", 1_000);
    scheduler.run(9, 1_000);
    assertThat(outbox.binds).isEmpty();
    volumeOnSecondNode("");
    claim("data", on("n1"), "disk", 2_000);
    scheduler.run(9, 2_000);
    assertThat(outbox.binds).containsExactly("p->n1");
  }

  @Test
  void aProvisionerThatGivesUpSendsThePodBackToTheQueue() {
    storageClass("example.com/disks");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    claim("data", on("n1"), "", 1_000);
    scheduler.run(9, 1_000);
    claim("data", "{}", "", 2_000);
    scheduler.run(9, 2_000);
    assertThat(outbox.told)
        .containsExactly(
            "p SchedulerError: binding volumes: provisioning failed for persistentvolumeclaim"
                + " default/data");
    scheduler.run(9, 5_000);
    assertThat(outbox.commands).hasSize(2);
  }

  @Test
  void aVolumeThatSomebodyElseTookSendsThePodBackToTheQueue() {
    storageClass("kubernetes.io/no-provisioner");
    volumeOnSecondNode("");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    scheduler.decided(
        "0", new CommandResult(409, "Conflict", "changed", "persistentvolumes", 5), 1);
    scheduler.run(9, 1);
    assertThat(outbox.told).containsExactly("p SchedulerError: binding volumes: changed");
    assertThat(scheduler.queue().contains("default/p")).isTrue();
    assertThat(scheduler.cluster().volumes().choice("default/data")).isEmpty();
  }

  @Test
  void claimsThatAreNotBoundInTimeSendThePodBackToTheQueue() {
    storageClass("example.com/disks");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    scheduler.run(9, 599_999);
    assertThat(outbox.told).isEmpty();
    scheduler.run(9, 600_000);
    assertThat(outbox.told)
        .containsExactly("p SchedulerError: binding volumes: the claims were not bound in time");
  }

  @Test
  void ofTwoPodsOneGetsTheOnlyVolume() {
    storageClass("kubernetes.io/no-provisioner");
    volumeOnSecondNode("");
    claim("data", "{}", "", 0);
    claim("more", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.putPod(user("q", "more"), 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("keep disk for default/data");
    assertThat(outbox.told)
        .singleElement()
        .asString()
        .startsWith(
            "q Unschedulable: 0/2 nodes are available: 2 node(s) didn't find available persistent"
                + " volumes to bind.");
  }

  @Test
  void aPodThatIsGoneGivesBackWhatWasChosenForIt() {
    storageClass("kubernetes.io/no-provisioner");
    volumeOnSecondNode("");
    claim("data", "{}", "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    scheduler.removePod("default/p", 9, 10);
    scheduler.run(9, 10);
    assertThat(scheduler.waitingForVolumesCount()).isZero();
    assertThat(scheduler.cluster().node("n2").orElseThrow().podCount()).isZero();
    assertThat(scheduler.queue().contains("default/p")).isFalse();
  }

  /** What was chosen is written on the claim, so that the next scheduler chooses the same. */
  @Test
  void anotherSchedulerGoesOnWithTheNodeThatWasSelected() {
    storageClass("example.com/disks");
    claim("data", on("n2"), "", 0);
    scheduler.putPod(pod, 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).isEmpty();
    volumeOnSecondNode("");
    claim("data", on("n2"), "disk", 100);
    scheduler.run(9, 100);
    assertThat(outbox.binds).containsExactly("p->n2");
  }
}
