package dev.shiplog.api.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.LocalApiKeeper.Step;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.topics.record.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which APIServices the API server keeps for what it serves itself, and when. */
class LocalApiKeeperTest {

  private static final String NAME = "v1.apps";

  @Test
  void everyBuiltInGroupAndVersionHasOneButThatOfApiServices() {
    Map<String, ObjectNode> wanted = LocalApis.of(ResourceCatalogue.builtIn());
    assertThat(wanted.keySet())
        .contains("v1.", "v1.apps", "v1.autoscaling", "v2.autoscaling", "v1.shiplog.dev")
        .doesNotContain("v1.apiregistration.k8s.io");
    assertThat(wanted.get("v1.").get("spec").toString())
        .isEqualTo(
            "{\"group\":\"\",\"version\":\"v1\",\"groupPriorityMinimum\":18000,"
                + "\"versionPriority\":1}");
    assertThat(wanted.get("v1.apps").at("/metadata/labels").toString())
        .isEqualTo("{\"kube-aggregator.kubernetes.io/automanaged\":\"onstart\"}");
  }

  @Test
  void whatIsMissingIsMade() {
    assertThat(keeping().decide(Map.of(), Map.of(NAME, apiService("onstart", 15))))
        .containsExactly(new Step.Make(NAME, apiService("onstart", 15)));
  }

  @Test
  void whatIsAsItShouldBeIsLeft() {
    assertThat(keeping(NAME).decide(one("onstart", 15), one("onstart", 15))).isEmpty();
  }

  @Test
  void oneOfABuiltInGroupIsCorrectedOnceAndThenItsUsers() {
    LocalApiKeeper keeper = keeping(NAME);
    assertThat(keeper.decide(one("onstart", 7), one("onstart", 15)))
        .containsExactly(new Step.Correct(NAME, apiService("onstart", 15)));
    keeper.settle(Set.of(NAME));
    assertThat(keeper.decide(one("onstart", 7), one("onstart", 15))).isEmpty();
    assertThat(keeper.decide(Map.of(), one("onstart", 15))).isEmpty();
  }

  @Test
  void oneOfACustomResourceIsKeptAllTheTime() {
    LocalApiKeeper keeper = keeping();
    keeper.settle(Set.of(NAME));
    assertThat(keeper.decide(Map.of(), one("true", 100)))
        .containsExactly(new Step.Make(NAME, apiService("true", 100)));
    assertThat(keeper.decide(one("true", 7), one("true", 100)))
        .containsExactly(new Step.Correct(NAME, apiService("true", 100)));
    assertThat(keeper.decide(one("true", 100), Map.of())).containsExactly(new Step.Remove(NAME));
  }

  @Test
  void whatAUserMadeIsTheUsersEvenWithTheNameOfALocalOne() {
    LocalApiKeeper keeper = keeping(NAME);
    assertThat(keeper.decide(one("", 7), one("onstart", 15))).isEmpty();
    assertThat(keeper.decide(one("", 7), Map.of())).isEmpty();
  }

  @Test
  void oneMadeAfterTheStartIsNotLookedAtOnStart() {
    assertThat(keeping().decide(one("onstart", 7), one("onstart", 15))).isEmpty();
  }

  private static LocalApiKeeper keeping(String... atStart) {
    return new LocalApiKeeper(Set.copyOf(List.of(atStart)));
  }

  private static Map<String, ObjectNode> one(String managed, int priority) {
    return Map.of(NAME, apiService(managed, priority));
  }

  private static ObjectNode apiService(String managed, int priority) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    ObjectNode labels = object.putObject("metadata").put("name", NAME).putObject("labels");
    if (!managed.isEmpty()) {
      labels.put(LocalApis.MANAGED, managed);
    }
    object.putObject("spec").put("versionPriority", priority);
    return object;
  }
}
