package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.VolumeReader;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes a and b lie in zones of their names. */
class VolumeBindingTest {

  private final Cluster cluster = new Cluster();
  private final Pod pod =
      pod("p", "{volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}]}");

  @BeforeEach
  void nodes() {
    for (String name : List.of("a", "b")) {
      cluster.putNode(
          node(
              name, "{metadata: {labels: {'topology.kubernetes.io/zone': '%s'}}}".formatted(name)));
    }
  }

  private void claim(String key, String spec, String status) {
    cluster
        .volumes()
        .putClaim(
            key,
            VolumeReader.claim(json("{spec: %s, status: {phase: '%s'}}".formatted(spec, status))));
  }

  private void storageClass(String name, String json) {
    cluster.volumes().putClass(name, VolumeReader.storageClass(json(json)));
  }

  private void volume(String name, String json) {
    cluster.volumes().putVolume(name, VolumeReader.volume(json(json)));
  }

  private List<String> reasons(ClusterFilter plugin, Pod asking, String node) {
    return plugin
        .preFilter(asking, cluster)
        .map(filter -> filter.filter(cluster.node(node).orElseThrow()))
        .orElse(Verdict.PASS)
        .reasons();
  }

  private List<String> reasons(String node) {
    return reasons(new VolumeBinding(), pod, node);
  }

  @Test
  void aPodWithoutClaimsIsNotAsked() {
    assertThat(new VolumeBinding().preFilter(pod("p"), cluster)).isEmpty();
  }

  @Test
  void aClaimThatIsMissingOrUnboundKeepsThePodWaiting() {
    assertThat(reasons("a")).containsExactly("persistentvolumeclaim \"data\" not found");
    claim("default/data", "{storageClassName: 'fast'}", "Pending");
    assertThat(reasons("a")).containsExactly("pod has unbound immediate PersistentVolumeClaims");
    storageClass("fast", "{volumeBindingMode: 'WaitForFirstConsumer'}");
    assertThat(reasons("a"))
        .containsExactly("node(s) didn't find available persistent volumes to bind");
  }

  @Test
  void aBoundVolumeIsUsedFromTheNodesItAllows() {
    claim("default/data", "{volumeName: 'pv'}", "Bound");
    assertThat(reasons("a"))
        .containsExactly(
            "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    volume(
        "pv",
        """
        {spec: {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions:
          [{key: 'kubernetes.io/hostname', operator: 'In', values: ['a']}]}]}}}}
        """);
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b"))
        .containsExactly("node(s) didn't match PersistentVolume's node affinity");
  }

  @Test
  void theClaimOfAnEphemeralVolumeBearsThePodsName() {
    Pod ephemeral = pod("p", "{volumes: [{name: 'v', ephemeral: {volumeClaimTemplate: {}}}]}");
    assertThat(reasons(new VolumeBinding(), ephemeral, "a"))
        .containsExactly("persistentvolumeclaim \"p-v\" not found");
  }

  @Test
  void aClaimForOnePodIsUsedByOnePod() {
    claim("default/data", "{volumeName: 'pv', accessModes: ['ReadWriteOncePod']}", "Bound");
    VolumeRestrictions plugin = new VolumeRestrictions();
    assertThat(reasons(plugin, pod, "a")).isEmpty();
    Pod user =
        pod(
            "user",
            """
            {nodeName: 'b', volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}]}
            """);
    cluster.putPod(user);
    assertThat(reasons(plugin, pod, "a").getFirst()).contains("ReadWriteOncePod");
    assertThat(
            plugin.mayPassAfter(
                new ClusterEvent.PodFreed(user, cluster.node("b").orElseThrow()), pod, cluster))
        .isTrue();
    cluster.removePod(user.key());
    assertThat(reasons(plugin, pod, "a")).isEmpty();
  }

  // --- claims that wait for their first consumer

  private void waiting(String classFields, String claimSpec) {
    storageClass("fast", "{volumeBindingMode: 'WaitForFirstConsumer' %s}".formatted(classFields));
    claim(
        "default/data",
        "{storageClassName: 'fast', resources: {requests: {storage: '2Gi'}} %s}"
            .formatted(claimSpec),
        "Pending");
  }

  private void offered(String name, String size, String fields) {
    volume(
        name,
        "{spec: {storageClassName: 'fast', capacity: {storage: '%s'} %s}}".formatted(size, fields));
  }

  private static String onlyOn(String node) {
    return """
    , nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [
       {key: 'kubernetes.io/hostname', operator: 'In', values: ['%s']}]}]}}
    """
        .formatted(node);
  }

  private static final String NONE = "node(s) didn't find available persistent volumes to bind";

  @Test
  void aWaitingClaimNeedsAVolumeThatWillDoOnTheNode() {
    waiting("", "");
    offered("small", "1Gi", "");
    assertThat(reasons("a")).containsExactly(NONE);
    offered("large", "2Gi", onlyOn("a"));
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b")).containsExactly(NONE);
  }

  @Test
  void aVolumeKeptForAnotherClaimIsNoneForThisOne() {
    waiting("", "");
    offered("kept", "2Gi", ", claimRef: {namespace: 'default', name: 'other'}");
    assertThat(reasons("a")).containsExactly(NONE);
    offered("kept", "2Gi", ", claimRef: {namespace: 'default', name: 'data'}");
    assertThat(reasons("a")).isEmpty();
  }

  @Test
  void accessModesVolumeModeAndSelectorAreHeeded() {
    waiting(
        "",
        ", accessModes: ['ReadWriteMany'], volumeMode: 'Block',"
            + " selector: {matchLabels: {disk: 'ssd'}}");
    String json =
        "{metadata: {labels: {disk: '%s'}}, spec: {storageClassName: 'fast', volumeMode: '%s',"
            + " capacity: {storage: '9Gi'}, accessModes: ['%s', 'ReadWriteOnce']}}";
    volume("v", json.formatted("hdd", "Block", "ReadWriteMany"));
    assertThat(reasons("a")).containsExactly(NONE);
    volume("v", json.formatted("ssd", "Filesystem", "ReadWriteMany"));
    assertThat(reasons("a")).containsExactly(NONE);
    volume("v", json.formatted("ssd", "Block", "ReadOnlyMany"));
    assertThat(reasons("a")).containsExactly(NONE);
    volume("v", json.formatted("ssd", "Block", "ReadWriteMany"));
    assertThat(reasons("a")).isEmpty();
  }

  @Test
  void aVolumeCanBeMadeWhereTheClassReaches() {
    waiting(
        """
        , provisioner: 'd', allowedTopologies: [{matchLabelExpressions: [
           {key: 'topology.kubernetes.io/zone', values: ['b', 'c']}]}]
        """,
        "");
    assertThat(reasons("a")).containsExactly(NONE);
    assertThat(reasons("b")).isEmpty();
  }

  @Test
  void aDriverThatTellsItsCapacityMustHaveEnough() {
    waiting(", provisioner: 'd'", "");
    assertThat(reasons("a")).isEmpty();
    cluster.volumes().putDriver("d", true);
    assertThat(reasons("a")).containsExactly("node(s) did not have enough free storage");
    cluster
        .volumes()
        .putCapacity(
            "ns/c",
            VolumeReader.capacity(
                json(
                    """
                    {storageClassName: 'fast', capacity: '10Gi', nodeTopology: {matchLabels:
                      {'topology.kubernetes.io/zone': 'a'}}}
                    """)));
    assertThat(reasons("a")).isEmpty();
    assertThat(reasons("b")).containsExactly("node(s) did not have enough free storage");
  }

  @Test
  void aNodeThatWasSelectedIsTheOnlyOne() {
    waiting(", provisioner: 'd'", "");
    cluster
        .volumes()
        .putClaim(
            "default/data",
            VolumeReader.claim(
                json(
                    """
                    {metadata: {annotations: {'volume.kubernetes.io/selected-node': 'b'}},
                     spec: {storageClassName: 'fast'}}
                    """)));
    assertThat(reasons("a")).containsExactly(NONE);
    assertThat(reasons("b")).isEmpty();
  }

  @Test
  void twoClaimsOfAPodNeedTwoVolumes() {
    waiting("", "");
    claim("default/more", "{storageClassName: 'fast'}", "Pending");
    Pod both =
        pod(
            "p",
            """
            {volumes: [{name: 'v', persistentVolumeClaim: {claimName: 'data'}},
                       {name: 'w', persistentVolumeClaim: {claimName: 'more'}}]}
            """);
    offered("one", "5Gi", "");
    assertThat(reasons(new VolumeBinding(), both, "a")).containsExactly(NONE);
    offered("two", "1Gi", "");
    assertThat(reasons(new VolumeBinding(), both, "a")).isEmpty();
  }
}
