package dev.shiplog.agent.pod.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which nodes a pod may be on. */
final class NodeDemandsTest {

  private static final Map<String, String> LABELS = Map.of("zone", "a", "disks", "4", "ssd", "");

  private static boolean fits(NodeSelectorTermBuilder... terms) {
    var pod =
        new PodBuilder()
            .withNewSpec()
            .withNewAffinity()
            .withNewNodeAffinity()
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .withNodeSelectorTerms(
                List.of(terms).stream().map(NodeSelectorTermBuilder::build).toList())
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endNodeAffinity()
            .endAffinity()
            .endSpec()
            .build();
    return NodeDemands.of(pod).areMetBy("east", LABELS);
  }

  private static NodeSelectorTermBuilder term(String key, String operator, String... values) {
    return new NodeSelectorTermBuilder().addToMatchExpressions(asking(key, operator, values));
  }

  private static NodeSelectorRequirement asking(String key, String operator, String... values) {
    return new NodeSelectorRequirementBuilder()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "zone, In, a, true",
    "zone, In, b, false",
    "rack, In, a, false",
    "zone, NotIn, a, false",
    "rack, NotIn, a, true",
    "ssd, Exists, , true",
    "rack, Exists, , false",
    "rack, DoesNotExist, , true",
    "zone, DoesNotExist, , false",
    "disks, Gt, 3, true",
    "disks, Gt, 4, false",
    "disks, Lt, 5, true",
    "zone, Lt, 5, false",
    "zone, Like, a, false"
  })
  void aTermIsMetByLabels(String key, String operator, String value, boolean met) {
    String[] values = value == null ? new String[0] : new String[] {value};

    assertThat(fits(term(key, operator, values))).isEqualTo(met);
  }

  @Test
  void oneTermOfSeveralIsEnoughButAllOfATermCounts() {
    assertThat(fits(term("zone", "In", "b"), term("zone", "In", "a"))).isTrue();
    assertThat(fits(term("zone", "In", "a").addToMatchExpressions(asking("rack", "Exists"))))
        .isFalse();
  }

  @Test
  void aTermMayNameTheNode() {
    assertThat(fits(named("east"))).isTrue();
    assertThat(fits(named("west"))).isFalse();
  }

  private static NodeSelectorTermBuilder named(String node) {
    return new NodeSelectorTermBuilder().addToMatchFields(asking("metadata.name", "In", node));
  }

  @Test
  void aTermThatAsksForNothingIsMetByNoNode() {
    assertThat(fits(new NodeSelectorTermBuilder())).isFalse();
  }

  @Test
  void whoeverAsksForNothingMayBeAnywhere() {
    var pod = new PodBuilder().withNewSpec().endSpec().build();

    assertThat(NodeDemands.of(pod).areMetBy("east", Map.of())).isTrue();
  }
}
