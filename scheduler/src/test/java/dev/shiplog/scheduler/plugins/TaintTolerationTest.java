package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.score;
import static dev.shiplog.scheduler.plugins.Asking.verdict;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaintTolerationTest {

  private final TaintToleration plugin = new TaintToleration();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | | false",
        "{key: 'k', value: 'v', effect: 'NoExecute'} | | false",
        "{key: 'k', value: 'v', effect: 'PreferNoSchedule'} | | true",
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | {key: 'k', value: 'v'} | true",
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | {key: 'k', operator: 'Equal'} | false",
        "{key: 'k', effect: 'NoSchedule'} | {key: 'k', operator: 'Equal'} | true",
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | {key: 'k', value: 'w'} | false",
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | {key: 'k', operator: 'Exists'} | true",
        "{key: 'k', value: 'v', effect: 'NoSchedule'} | {key: 'l', operator: 'Exists'} | false",
        "{key: 'k', value: 'v', effect: 'NoExecute'} | {operator: 'Exists'} | true",
        "{key: 'k', value: 'v', effect: 'NoExecute'} "
            + "| {key: 'k', operator: 'Exists', effect: 'NoSchedule'} | false",
        "{key: 'k', effect: 'NoSchedule'}, {key: 'l', effect: 'NoSchedule'} "
            + "| {key: 'k', operator: 'Exists'} | false",
      })
  void everyTaintThatForbidsMustBeTolerated(String taints, String tolerations, boolean passes) {
    String spec = "{tolerations: [" + (tolerations == null ? "" : tolerations) + "]}";
    assertThat(
            verdict(plugin, pod("a", spec), node("n", "{spec: {taints: [" + taints + "]}}"))
                .passes())
        .isEqualTo(passes);
  }

  @Test
  void theReasonNamesTheFirstUntoleratedTaint() {
    assertThat(
            verdict(
                plugin,
                pod("a", "{tolerations: [{key: 'a', operator: 'Exists'}]}"),
                node(
                    "n",
                    """
                    {spec: {taints: [{key: 'a', effect: 'NoSchedule'},
                                     {key: 'k', value: 'v', effect: 'NoSchedule'}]}}
                    """)))
        .isEqualTo(Verdict.unresolvable("node(s) had untolerated taint(s)"));
  }

  @Test
  void onlyUntoleratedTaintsThatPreferPodsElsewhereAreCounted() {
    assertThat(
            score(
                plugin,
                pod("a", "{tolerations: [{key: 'a', operator: 'Exists'}]}"),
                node(
                    "n",
                    """
                    {spec: {taints: [{key: 'a', effect: 'PreferNoSchedule'},
                                     {key: 'b', effect: 'PreferNoSchedule'},
                                     {key: 'c', effect: 'PreferNoSchedule'},
                                     {key: 'd', effect: 'NoSchedule'}]}}
                    """)))
        .isEqualTo(2);
  }
}
