package dev.shiplog.streams.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorsTest {

  private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front");

  @Test
  void noSelectorMatchesNothing() {
    assertThat(Selectors.matches((LabelSelector) null, LABELS)).isFalse();
    assertThat(Selectors.matches((Map<String, String>) null, LABELS)).isFalse();
    assertThat(Selectors.matches(Map.of(), LABELS)).isFalse();
  }

  @Test
  void anEmptyLabelSelectorMatchesEverything() {
    assertThat(Selectors.matches(new LabelSelector(), LABELS)).isTrue();
    assertThat(Selectors.matches(new LabelSelector(), Map.of())).isTrue();
  }

  @Test
  void allLabelsOfTheSelectorMustBeThere() {
    assertThat(Selectors.matches(Map.of("app", "web"), LABELS)).isTrue();
    assertThat(Selectors.matches(Map.of("app", "web", "zone", "a"), LABELS)).isFalse();
  }

  @Test
  void inNeedsOneOfTheValues() {
    assertThat(Selectors.matches(expression("app", "In", "db", "web"), LABELS)).isTrue();
    assertThat(Selectors.matches(expression("app", "In", "db"), LABELS)).isFalse();
    assertThat(Selectors.matches(expression("zone", "In", "a"), LABELS)).isFalse();
  }

  @Test
  void notInIsAlsoTrueWithoutTheLabel() {
    assertThat(Selectors.matches(expression("zone", "NotIn", "a"), LABELS)).isTrue();
    assertThat(Selectors.matches(expression("app", "NotIn", "web"), LABELS)).isFalse();
  }

  @Test
  void existsAndDoesNotExistLookAtTheKeyAlone() {
    assertThat(Selectors.matches(expression("app", "Exists"), LABELS)).isTrue();
    assertThat(Selectors.matches(expression("app", "DoesNotExist"), LABELS)).isFalse();
    assertThat(Selectors.matches(expression("zone", "DoesNotExist"), LABELS)).isTrue();
  }

  private static LabelSelector expression(String key, String operator, String... values) {
    return new LabelSelectorBuilder()
        .addNewMatchExpression()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .endMatchExpression()
        .build();
  }
}
