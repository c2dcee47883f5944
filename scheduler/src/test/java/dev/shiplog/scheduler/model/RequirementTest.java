package dev.shiplog.scheduler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementTest {

  private static final Map<String, String> LABELS = Map.of("zone", "a", "cores", "8");

  @ParameterizedTest
  @CsvSource({
    "zone, In, a b, true",
    "zone, In, b c, false",
    "disk, In, ssd, false",
    "zone, NotIn, b c, true",
    "zone, NotIn, a b, false",
    "disk, NotIn, ssd, true",
    "zone, Exists, '', true",
    "disk, Exists, '', false",
    "zone, DoesNotExist, '', false",
    "disk, DoesNotExist, '', true",
    "cores, Gt, 7, true",
    "cores, Gt, 8, false",
    "cores, Lt, 9, true",
    "cores, Lt, 8, false",
    "zone, Gt, 7, false",
    "zone, Lt, 7, false",
    "disk, Gt, 7, false",
    "cores, Gt, x, false",
  })
  void comparesALabelAsItsOperatorSays(String key, String operator, String values, boolean match) {
    Requirement requirement =
        new Requirement(
            key, Requirement.Operator.parse(operator), List.of(values.trim().split(" ")));
    assertThat(requirement.matches(LABELS)).isEqualTo(match);
  }

  @Test
  void anUnknownOperatorIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Requirement.Operator.parse("Like"))
        .withMessageContaining("'Like'");
  }
}
