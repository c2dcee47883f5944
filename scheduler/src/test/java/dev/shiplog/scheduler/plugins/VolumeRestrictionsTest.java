package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.VolumeReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes n and other; claim {@code alone} is for one pod at a time, claim {@code shared} is not. */
class VolumeRestrictionsTest {

  private static final String ALONE =
      "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
          + " mode";
  private static final String NO_DISK = "node(s) had no available disk";

  private final Cluster cluster = new Cluster();
  private final VolumeRestrictions plugin = new VolumeRestrictions();

  @BeforeEach
  void arrange() {
    cluster.putNode(node("n"));
    cluster.putNode(node("other"));
    claim("alone", "ReadWriteOncePod");
    claim("shared", "ReadWriteMany");
  }

  private void claim(String name, String mode) {
    cluster
        .volumes()
        .putClaim(
            "default/" + name,
            VolumeReader.claim(json("{spec: {accessModes: ['%s']}}".formatted(mode))));
  }

  private static Pod user(String name, String nodeName, String volume) {
    return pod(name, "{%s volumes: [{name: 'v', %s}]}".formatted(nodeName, volume));
  }

  private static Pod onN(String volume) {
    return user("on-n", "nodeName: 'n',", volume);
  }

  private static String claim(String name) {
    return "persistentVolumeClaim: {claimName: '%s'}".formatted(name);
  }

  private Verdict verdict(Pod asking, String node) {
    return plugin
        .preFilter(asking, cluster)
        .map(filter -> filter.filter(cluster.node(node).orElseThrow()))
        .orElse(Verdict.PASS);
  }

  @ParameterizedTest
  @CsvSource({"alone, alone, false", "alone, shared, true", "shared, shared, true"})
  void aClaimForOnePodAtATimeIsUsedByOne(String there, String asked, boolean passes) {
    cluster.putPod(onN(claim(there)));

    Pod asking = user("p", "", claim(asked));

    Verdict expected = passes ? Verdict.PASS : Verdict.unschedulable(ALONE);
    assertThat(verdict(asking, "n")).isEqualTo(expected);
    assertThat(verdict(asking, "other")).as("on every node").isEqualTo(expected);
  }

  @Test
  void aClaimOfTheSameNameInAnotherNamespaceIsAnother() {
    cluster.putPod(onN(claim("alone")));
    cluster
        .volumes()
        .putClaim(
            "team/alone", VolumeReader.claim(json("{spec: {accessModes: ['ReadWriteOncePod']}}")));

    assertThat(cluster.isClaimInUse("team/alone")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gcePersistentDisk: {pdName: 'a'} | gcePersistentDisk: {pdName: 'a'} | false",
        "gcePersistentDisk: {pdName: 'a'} | gcePersistentDisk: {pdName: 'b'} | true",
        "gcePersistentDisk: {pdName: 'a', readOnly: true} "
            + "| gcePersistentDisk: {pdName: 'a', readOnly: true} | true",
        "gcePersistentDisk: {pdName: 'a', readOnly: true} "
            + "| gcePersistentDisk: {pdName: 'a'} | false",
        "awsElasticBlockStore: {volumeID: 'a'} | awsElasticBlockStore: {volumeID: 'a'} | false",
        "awsElasticBlockStore: {volumeID: 'a', readOnly: true} "
            + "| awsElasticBlockStore: {volumeID: 'a', readOnly: true} | false",
        "awsElasticBlockStore: {volumeID: 'a'} | awsElasticBlockStore: {volumeID: 'b'} | true",
        "awsElasticBlockStore: {volumeID: 'a'} | gcePersistentDisk: {pdName: 'a'} | true",
        "iscsi: {iqn: 'a', lun: 0} | iscsi: {iqn: 'a', lun: 1} | false",
        "iscsi: {iqn: 'a', readOnly: true} | iscsi: {iqn: 'a', readOnly: true} | true",
        "rbd: {monitors: ['m', 'o'], image: 'a'} "
            + "| rbd: {monitors: ['o'], pool: 'rbd', image: 'a'} | false",
        "rbd: {monitors: ['m'], image: 'a'} | rbd: {monitors: ['o'], image: 'a'} | true",
        "rbd: {monitors: ['m'], image: 'a'} | rbd: {monitors: ['m'], image: 'b'} | true",
        "rbd: {monitors: ['m'], image: 'a'} "
            + "| rbd: {monitors: ['m'], image: 'a', pool: 'p'} | true",
        "emptyDir: {} | emptyDir: {} | true",
      })
  void aDiskIsOnANodeOnceUnlessAllOnlyRead(String there, String asked, boolean passes) {
    cluster.putPod(onN(there));

    Pod asking = user("p", "", asked);

    assertThat(verdict(asking, "n"))
        .isEqualTo(passes ? Verdict.PASS : Verdict.unschedulable(NO_DISK));
    assertThat(verdict(asking, "other")).as("only on that node").isEqualTo(Verdict.PASS);
  }

  @Test
  void aPodThatFreesTheClaimOrTheDiskHelps() {
    Pod disk = onN("gcePersistentDisk: {pdName: 'a'}");

    assertThat(helps(onN(claim("alone")), claim("alone"))).isTrue();
    assertThat(helps(onN(claim("alone")), claim("shared"))).isFalse();
    assertThat(helps(disk, "gcePersistentDisk: {pdName: 'a'}")).isTrue();
    assertThat(helps(disk, "gcePersistentDisk: {pdName: 'b'}")).isFalse();
  }

  @Test
  void aNodeThatComesHelpsOnlyPodsThatLackADisk() {
    ClusterEvent came = new ClusterEvent.NodeChanged(cluster.node("other").orElseThrow());

    assertThat(plugin.mayPassAfter(came, user("p", "", "iscsi: {iqn: 'a'}"), cluster)).isTrue();
    assertThat(plugin.mayPassAfter(came, user("p", "", claim("alone")), cluster)).isFalse();
  }

  private boolean helps(Pod freed, String asked) {
    ClusterEvent event = new ClusterEvent.PodFreed(freed, cluster.node("n").orElseThrow());
    return plugin.mayPassAfter(event, user("p", "", asked), cluster);
  }
}
