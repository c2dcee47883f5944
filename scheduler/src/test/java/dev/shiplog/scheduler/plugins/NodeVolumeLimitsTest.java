package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.VolumeReader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node n takes two volumes of driver d; pod {@code on-n} runs there with claims a and b. */
class NodeVolumeLimitsTest {

  private final Cluster cluster = new Cluster();
  private final NodeVolumeLimits plugin = new NodeVolumeLimits();

  @BeforeEach
  void arrange() {
    cluster.putNode(node("n"));
    cluster.putNode(node("unlimited"));
    limits("{spec: {drivers: [{name: 'd', allocatable: {count: 2}}]}}");
    for (String name : List.of("a", "b", "c")) {
      volume(name, "d");
    }
    cluster.putPod(user("on-n", "nodeName: 'n',", "a", "b"));
  }

  private void limits(String csiNode) {
    cluster.volumes().putLimits("n", VolumeReader.limits(json(csiNode)));
  }

  private void volume(String name, String driver) {
    cluster
        .volumes()
        .putClaim(
            "default/" + name,
            VolumeReader.claim(
                json("{spec: {volumeName: '%s'}, status: {phase: 'Bound'}}".formatted(name))));
    cluster
        .volumes()
        .putVolume(
            name,
            VolumeReader.volume(
                json("{spec: {csi: {driver: '%s', volumeHandle: '%s'}}}".formatted(driver, name))));
  }

  private static Pod user(String name, String nodeName, String... claims) {
    String volumes =
        Stream.of(claims)
            .map("{name: '%1$s', persistentVolumeClaim: {claimName: '%1$s'}}"::formatted)
            .collect(Collectors.joining(","));
    return pod(name, "{%s volumes: [%s]}".formatted(nodeName, volumes));
  }

  private List<String> reasons(Pod asking, String node) {
    return plugin
        .preFilter(asking, cluster)
        .map(filter -> filter.filter(cluster.node(node).orElseThrow()))
        .orElse(Verdict.PASS)
        .reasons();
  }

  @Test
  void oneMoreThanANodeTakesIsTooMany() {
    assertThat(reasons(user("p", "", "c"), "n")).containsExactly("node(s) exceed max volume count");
    assertThat(reasons(user("p", "", "c"), "unlimited")).isEmpty();
  }

  @Test
  void aVolumeThatIsThereAlreadyCountsOnce() {
    assertThat(reasons(user("p", "", "a", "b"), "n")).isEmpty();
  }

  @Test
  void volumesOfOtherDriversDoNotCount() {
    volume("other", "e");
    assertThat(reasons(user("p", "", "other"), "n")).isEmpty();
  }

  @Test
  void aDriverThatTellsNoLimitHasNone() {
    limits("{spec: {drivers: [{name: 'd'}]}}");
    assertThat(reasons(user("p", "", "c"), "n")).isEmpty();
  }

  @Test
  void aClaimWithoutAVolumeCountsAsOneOfItsProvisioner() {
    cluster.volumes().putClass("fast", VolumeReader.storageClass(json("{provisioner: 'd'}")));
    cluster
        .volumes()
        .putClaim("default/new", VolumeReader.claim(json("{spec: {storageClassName: 'fast'}}")));
    assertThat(reasons(user("p", "", "new"), "n"))
        .containsExactly("node(s) exceed max volume count");
  }

  @Test
  void podsWithoutClaimsAreNotAsked() {
    assertThat(plugin.preFilter(pod("p"), cluster)).isEmpty();
  }
}
