package dev.shiplog.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.5:6443, 10.0.0.5, 6443",
    "https://api.example.com:443/, api.example.com, 443",
    "[fd00::1]:6443, fd00::1, 6443"
  })
  void hostAndPortAreRead(String text, String host, int port) {
    assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", "host:0", "host:65536", "fd00::1:6443", "a b:1"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST:PORT");
  }

  @Test
  void anIpv6AddressStandsInBrackets() {
    assertThat(new ListenAddress("fd00::1", 6443)).hasToString("[fd00::1]:6443");
  }
}
