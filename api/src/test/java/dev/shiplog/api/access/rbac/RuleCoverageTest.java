package dev.shiplog.api.access.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleCoverageTest {

  private static Set<String> missing(String held, String granted) {
    List<PolicyRule> holds = held.isEmpty() ? List.of() : rules(held);
    return RuleCoverage.missing(holds, rules(granted));
  }

  private static List<PolicyRule> rules(String lines) {
    return List.of(lines.split(";")).stream()
        .flatMap(line -> DefaultPolicy.rule(line).stream())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "* *.*, get pods",
    "* *.*, * *.*",
    "* *.*, get pods named a",
    "'get,list pods services', get pods services",
    "get pods;list pods, 'get,list pods'",
    "get pods;get services, get pods services",
    "get */scale.apps, get deployments/scale.apps",
    "get pods, get pods named a",
    "get pods named a b, get pods named a",
    "get pods named a;get pods named b, get pods named a b",
    "get /api/*, get /api/v1",
    "get url:*, get /anything",
    "get /a/*, get /a/b/*"
  })
  void rulesThatHoldAllOfItCover(String held, String granted) {
    assertThat(missing(held, granted)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', get pods",
    "get pods, '* pods'",
    "get pods, get *",
    "get pods, get pods.apps",
    "get pods, get pods/log",
    "get pods named a, get pods",
    "get pods named a, get pods named a b",
    "* *.*, get /api",
    "get /api, get /api/*",
    "get deployments/scale.apps, get */scale.apps",
    "get url:*, post /anything"
  })
  void rulesThatLackAPartDoNot(String held, String granted) {
    assertThat(missing(held, granted)).isNotEmpty();
  }

  @Test
  void whatIsMissingIsShownWithTheVerbsOfOneResourceTogether() {
    assertThat(missing("get pods", "get,list,watch pods;create secrets named a"))
        .containsExactly(
            "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\" \"watch\"]}",
            "{APIGroups:[\"\"], Resources:[\"secrets\"], ResourceNames:[\"a\"],"
                + " Verbs:[\"create\"]}");
  }
}
