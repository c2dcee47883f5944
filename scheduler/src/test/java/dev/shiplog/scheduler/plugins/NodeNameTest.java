package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.testing.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeNameTest {

  private final NodeName plugin = new NodeName();
  private final Cluster cluster = Clusters.of(List.of(node("n"), node("m")));

  @Test
  void aPodThatNamesItsNodePassesThereAlone() {
    NodeFilter filter = plugin.preFilter(pod("a", "{nodeName: 'n'}"), cluster).orElseThrow();
    assertThat(filter.filter(cluster.node("n").orElseThrow())).isEqualTo(Verdict.PASS);
    assertThat(filter.filter(cluster.node("m").orElseThrow()))
        .isEqualTo(Verdict.unresolvable("node(s) didn't match the requested node name"));
  }

  @Test
  void aPodThatNamesNonePassesEverywhere() {
    assertThat(plugin.preFilter(pod("a"), cluster)).isEmpty();
  }

  @Test
  void onlyTheNodeItNamesMayHelpIt() {
    assertThat(hint("n")).isTrue();
    assertThat(hint("m")).isFalse();
  }

  private boolean hint(String node) {
    return plugin.mayPassAfter(
        new ClusterEvent.NodeChanged(cluster.node(node).orElseThrow()),
        pod("a", "{nodeName: 'n'}"),
        cluster);
  }
}
