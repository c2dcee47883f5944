package dev.shiplog.agent.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableExpansionTest {

  private static final Map<String, String> VARIABLES = Map.of("A", "1", "B", "two", "EMPTY", "");

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "$(A), 1",
    "x$(A)y$(B)z, x1ytwoz",
    "[$(EMPTY)], []",
    "$(UNKNOWN), $(UNKNOWN)",
    "$$(A), $(A)",
    "$$$(A), $1",
    "$$$$(A), $$(A)",
    "$A, $A",
    "100$, 100$",
    "$(A, $(A",
    "$(A)$(, 1$(",
    "$($(A)), $($(A))",
  })
  void referencesAreReplacedByWhatIsKnown(String text, String expanded) {
    assertThat(VariableExpansion.expand(text, VARIABLES)).isEqualTo(expanded);
  }
}
