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

class VolumeZoneTest {

  private final VolumeZone plugin = new VolumeZone();
  private final Cluster cluster = new Cluster();
  private final Pod pod =
      pod("p", "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}]}");

  @BeforeEach
  void boundClaim() {
    cluster
        .volumes()
        .putClaim(
            "default/data",
            VolumeReader.claim(json("{spec: {volumeName: 'pv'}, status: {phase: 'Bound'}}")));
  }

  private void volume(String labels) {
    cluster
        .volumes()
        .putVolume("pv", VolumeReader.volume(json("{metadata: {labels: {" + labels + "}}}")));
  }

  private Verdict verdict(String nodeLabels) {
    cluster.putNode(node("n", "{metadata: {labels: {" + nodeLabels + "}}}"));
    return plugin
        .preFilter(pod, cluster)
        .map(filter -> filter.filter(cluster.node("n").orElseThrow()))
        .orElse(Verdict.PASS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'topology.kubernetes.io/zone': 'b__c' | 'topology.kubernetes.io/zone': 'b' | true",
        "'topology.kubernetes.io/zone': 'b__c' | 'topology.kubernetes.io/zone': 'a' | false",
        "'topology.kubernetes.io/zone': 'b' | disk: 'ssd' | true",
        "'topology.kubernetes.io/zone': 'b' | 'topology.kubernetes.io/region': 'r' | false",
        "'topology.kubernetes.io/zone': 'b', 'topology.kubernetes.io/region': 'r'"
            + " | 'topology.kubernetes.io/zone': 'b', 'topology.kubernetes.io/region': 's' | false",
        "'failure-domain.beta.kubernetes.io/zone': 'b'"
            + " | 'topology.kubernetes.io/zone': 'b' | true",
        "'failure-domain.beta.kubernetes.io/zone': 'b'"
            + " | 'topology.kubernetes.io/zone': 'a' | false",
        "disk: 'ssd' | 'topology.kubernetes.io/zone': 'a' | true",
      })
  void aNodeThatLiesSomewhereMustLieWhereTheVolumeDoes(
      String ofVolume, String ofNode, boolean passes) {
    volume(ofVolume);
    assertThat(verdict(ofNode).passes()).isEqualTo(passes);
  }

  @Test
  void anotherZoneIsNothingThatPreemptionCouldHelp() {
    volume("'topology.kubernetes.io/zone': 'b'");
    assertThat(verdict("'topology.kubernetes.io/zone': 'a'"))
        .isEqualTo(Verdict.unresolvable("node(s) had no available volume zone"));
  }

  @Test
  void onlyNodesAndVolumesCanHelpAWaitingPod() {
    cluster.putNode(node("n"));
    var info = cluster.node("n").orElseThrow();
    assertThat(plugin.mayPassAfter(new ClusterEvent.VolumesChanged(), pod, cluster)).isTrue();
    assertThat(plugin.mayPassAfter(new ClusterEvent.NodeChanged(info), pod, cluster)).isTrue();
    assertThat(plugin.mayPassAfter(new ClusterEvent.PodFreed(pod, info), pod, cluster)).isFalse();
  }
}
