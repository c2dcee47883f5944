package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubnetTest {

  @ParameterizedTest
  @CsvSource({
    "10.244.0.0/24, 10.244.0.0/24, true",
    "10.244.0.0/24, 10.244.0.0/16, true",
    "10.244.0.0/24, 0.0.0.0/0, true",
    "10.244.0.7, 10.244.0.0/24, true",
    "10.244.0.0/24, 10.244.0.7, false",
    "10.244.0.0/16, 10.244.0.0/24, false",
    "10.244.1.0/24, 10.244.0.0/24, false",
    "192.0.2.0/24, 10.0.0.0/8, false",
  })
  void oneLiesWithinAnother(String inner, String outer, boolean within) {
    assertThat(Subnet.parse(inner).isWithin(Subnet.parse(outer))).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "default", "10.0.0", "10.0.0.256", "10.0.0.0/33", "fd00::/8"})
  void anythingElseIsNoSubnet(String text) {
    assertThat(Subnet.find(text)).isEmpty();
    assertThatThrownBy(() -> Subnet.parse(text)).isInstanceOf(ContainerdException.class);
  }
}
