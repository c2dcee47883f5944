package dev.shiplog.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {

  @ParameterizedTest
  @CsvSource({
    "-PT3S, <invalid>",
    "-PT1S, 0s",
    "PT0S, 0s",
    "PT119.9S, 119s",
    "PT2M, 2m",
    "PT3M12S, 3m12s",
    "PT9M59S, 9m59s",
    "PT10M59S, 10m",
    "PT179M, 179m",
    "PT3H, 3h",
    "PT3H5M, 3h5m",
    "PT8H5M, 8h",
    "PT47H59M, 47h",
    "PT48H, 2d",
    "PT53H, 2d5h",
    "P7DT23H, 7d23h",
    "P8DT5H, 8d",
    "P729D, 729d",
    "P730D, 2y",
    "P800D, 2y70d",
    "P3000D, 8y"
  })
  void aDurationIsPrintedInTheUnitsThatMatter(Duration duration, String text) {
    assertThat(HumanDuration.of(duration)).isEqualTo(text);
  }
}
