package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.verdict;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import org.junit.jupiter.api.Test;

class NodeUnschedulableTest {

  private final NodeUnschedulable plugin = new NodeUnschedulable();
  private final Node cordoned = node("n", "{spec: {unschedulable: true}}");

  @Test
  void aCordonedNodeTakesNoPods() {
    assertThat(verdict(plugin, pod("a"), cordoned))
        .isEqualTo(Verdict.unresolvable("node(s) were unschedulable"));
    assertThat(verdict(plugin, pod("a"), node("n"))).isEqualTo(Verdict.PASS);
  }

  @Test
  void aPodThatToleratesTheTaintOfCordonedNodesPasses() {
    assertThat(
            verdict(
                plugin,
                pod(
                    "a",
                    """
                    {tolerations: [{key: 'node.kubernetes.io/unschedulable', operator: 'Exists',
                                    effect: 'NoSchedule'}]}
                    """),
                cordoned))
        .isEqualTo(Verdict.PASS);
  }
}
