package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.score;
import static dev.shiplog.scheduler.plugins.Asking.verdict;
import static dev.shiplog.scheduler.testing.Objects.json;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.scheduler.testing.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAffinityTest {

  private final NodeAffinity plugin = new NodeAffinity();
  private final Node node = node("n", "{metadata: {labels: {zone: 'a', disk: 'ssd', cores: '8'}}}");

  private static Pod requiring(String terms) {
    return pod(
        "p",
        """
        {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
          {nodeSelectorTerms: [%s]}}}}
        """
            .formatted(terms));
  }

  private static Pod preferring(String preferences) {
    return pod(
        "p",
        """
        {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [%s]}}}
        """
            .formatted(preferences));
  }

  @Test
  void everyLabelOfTheNodeSelectorMustBeThere() {
    assertThat(verdict(plugin, pod("p", "{nodeSelector: {zone: 'a', disk: 'ssd'}}"), node))
        .isEqualTo(Verdict.PASS);
    assertThat(verdict(plugin, pod("p", "{nodeSelector: {zone: 'a', disk: 'hdd'}}"), node))
        .isEqualTo(Verdict.unresolvable("node(s) didn't match Pod's node affinity/selector"));
    assertThat(verdict(plugin, pod("p", "{nodeSelector: {gpu: ''}}"), node).passes()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{matchExpressions: [{key: 'zone', operator: 'In', values: ['a', 'b']}]} | true",
        "{matchExpressions: [{key: 'zone', operator: 'NotIn', values: ['a']}]} | false",
        "{matchExpressions: [{key: 'zone', operator: 'Exists'}]} | true",
        "{matchExpressions: [{key: 'zone', operator: 'DoesNotExist'}]} | false",
        "{matchExpressions: [{key: 'cores', operator: 'Gt', values: ['4']}]} | true",
        "{matchExpressions: [{key: 'cores', operator: 'Lt', values: ['4']}]} | false",
        "{matchExpressions: [{key: 'zone', operator: 'Exists'}, "
            + "{key: 'gpu', operator: 'Exists'}]} | false",
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n']}]} | true",
        "{matchFields: [{key: 'metadata.name', operator: 'NotIn', values: ['n']}]} | false",
        "{matchExpressions: [{key: 'gpu', operator: 'Exists'}], "
            + "matchFields: [{key: 'metadata.name', operator: 'In', values: ['n']}]} | false",
        "{} | false",
      })
  void allConditionsOfATermMustMatch(String term, boolean passes) {
    assertThat(verdict(plugin, requiring(term), node).passes()).isEqualTo(passes);
  }

  @Test
  void oneTermIsEnough() {
    assertThat(
            verdict(
                    plugin,
                    requiring(
                        """
                        {matchExpressions: [{key: 'gpu', operator: 'Exists'}]},
                        {matchExpressions: [{key: 'disk', operator: 'Exists'}]}
                        """),
                    node)
                .passes())
        .isTrue();
  }

  @Test
  void whatRequiresOneOfNoTermsMatchesNoNode() {
    assertThat(verdict(plugin, requiring(""), node).passes()).isFalse();
  }

  @Test
  void nodeSelectorAndAffinityMustBothMatch() {
    Pod pod =
        pod(
            "p",
            """
            {nodeSelector: {zone: 'b'},
             affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
               {nodeSelectorTerms: [{matchExpressions: [{key: 'disk', operator: 'Exists'}]}]}}}}
            """);
    assertThat(verdict(plugin, pod, node).passes()).isFalse();
  }

  @Test
  void theWeightsOfFulfilledWishesAddUp() {
    Pod pod =
        preferring(
            """
            {weight: 10, preference: {matchExpressions: [{key: 'zone', operator: 'Exists'}]}},
            {weight: 20, preference: {matchExpressions: [{key: 'gpu', operator: 'Exists'}]}},
            {weight: 40, preference: {matchFields:
              [{key: 'metadata.name', operator: 'In', values: ['n']}]}},
            {weight: 80, preference: {}}
            """);
    assertThat(score(plugin, pod, node)).isEqualTo(50);
  }

  /** As for the pods of a DaemonSet: other nodes are not looked at, and nothing is said of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n', 'm']}]} | ''",
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['m']}]}"
            + " | node(s) didn't satisfy plugin(s) [NodeAffinity]",
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['m']}]},"
            + "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n']}]} | ''",
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['m']}]},"
            + "{matchExpressions: [{key: 'zone', operator: 'Exists'}]} | ''",
        "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['m']},"
            + "{key: 'metadata.name', operator: 'In', values: ['n']}]}"
            + " | pod affinity terms conflict",
        "{matchFields: [{key: 'metadata.name', operator: 'NotIn', values: ['n']}]} | ''",
      })
  void termsThatAllNameNodesNarrowTheSearchToThose(String terms, String reason) {
    assertThat(
            plugin
                .narrow(requiring(terms).shape())
                .map(filter -> filter.filter(Clusters.nodeWith(node)))
                .orElse(Verdict.PASS)
                .reasons())
        .isEqualTo(reason.isEmpty() ? List.of() : List.of(reason));
  }

  @Test
  void addedAffinityHoldsForEveryPodBesideItsOwn() {
    NodeAffinity added =
        new NodeAffinity(
            PodReader.nodeAffinity(
                json(
                    """
                    {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:
                       [{matchExpressions: [{key: 'disk', operator: 'In', values: ['hdd']}]}]},
                     preferredDuringSchedulingIgnoredDuringExecution: [{weight: 7, preference:
                       {matchExpressions: [{key: 'zone', operator: 'Exists'}]}}]}
                    """)));
    assertThat(verdict(added, pod("p"), node))
        .isEqualTo(Verdict.unresolvable("node(s) didn't match scheduler-enforced node affinity"));
    assertThat(verdict(added, pod("p"), node("m", "{metadata: {labels: {disk: 'hdd'}}}")).passes())
        .isTrue();
    assertThat(score(added, pod("p"), node)).isEqualTo(7);
  }

  @Test
  void aPodWithoutWishesIsNotScored() {
    assertThat(plugin.preScore(pod("p").shape())).isEmpty();
    assertThat(plugin.preFilter(pod("p").shape())).isEmpty();
  }
}
