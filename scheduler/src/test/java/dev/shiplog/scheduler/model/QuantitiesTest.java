package dev.shiplog.scheduler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "2, 2000",
    "250m, 250",
    "1.5, 1500",
    ".5, 500",
    "0.0005, 1",
    "1e1, 10000",
    "1E-1, 100",
    "100u, 1",
    "1k, 1000000",
    "-1, -1000",
    "+3, 3000",
    "1Ki, 1024000",
  })
  void milliUnitsAreRoundedUp(String text, long milli) {
    assertThat(Quantities.milli(text)).isEqualTo(milli);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "128974848, 128974848",
    "129e6, 129000000",
    "129M, 129000000",
    "128974848000m, 128974848",
    "1m, 1",
    "1.5Gi, 1610612736",
    "64Gi, 68719476736",
    "1Ei, 1152921504606846976",
    "1E, 1000000000000000000",
    "3P, 3000000000000000",
    "2Ti, 2199023255552",
    "1n, 1",
    "1234567890123456, 1234567890123456",
  })
  void unitsAreRoundedUp(String text, long units) {
    assertThat(Quantities.units(text)).isEqualTo(units);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100Ei", "99999999999999999999"})
  void whatIsTooLargeIsTheLargestThereIs(String text) {
    assertThat(Quantities.units(text)).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "1Q", "1 Gi", "Gi", "1.2.3", "m", "0x10"})
  void whatIsNoQuantityIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantities.units(text))
        .withMessage("not a quantity: '" + text + "'");
  }
}
