package dev.shiplog.api.schema.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "0, 0",
    "0Gi, 0",
    "1000m, 1",
    "0.1, 100m",
    "0.0005, 500u",
    "1.5, 1500m",
    "2000, 2k",
    "1500, 1500",
    "100Mi, 100Mi",
    "1024Mi, 1Gi",
    "1536Mi, 1536Mi",
    "1.5Gi, 1536Mi",
    "0.5Gi, 512Mi",
    "0.5Ki, 512",
    "1023Ki, 1023Ki",
    "1e3, 1e3",
    "12e4, 120e3",
    "1E6, 1e6",
    "5e-1, 500e-3",
    "1E, 1E",
    "0.0000000001, 1n",
    "-500m, -500m",
    "+7, 7",
    ".5, 500m",
    "5., 5",
    "1000000000000000000000, 1000E"
  })
  void aQuantityIsWrittenInItsCanonicalForm(String written, String canonical) {
    assertThat(Quantity.parse(written)).hasToString(canonical);
    assertThat(Quantity.parse(canonical)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "1 Gi", "1GB", "a", "1.2.3", "--1", "1e", "1e99999", "0x10"})
  void whatIsNoQuantityIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void amountsCompareAcrossSuffixes() {
    assertThat(Quantity.parse("1Gi")).isGreaterThan(Quantity.parse("1G"));
    assertThat(Quantity.parse("1000m")).isEqualByComparingTo(Quantity.parse("1"));
  }
}
