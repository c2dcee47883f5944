package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostPortChainsTest {

  private static final List<String> UNUSED =
      List.of(
          "-P PREROUTING ACCEPT",
          "-N CNI-HOSTPORT-DNAT",
          "-N CNI-HOSTPORT-MASQ",
          "-N DOCKER",
          "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
          "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
          "-A POSTROUTING -m comment --comment \"CNI portfwd\" -j CNI-HOSTPORT-MASQ",
          "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE");

  @Test
  void unusedChainsGoWithTheRulesThatLeadToThem() {
    assertThat(HostPortChains.removal(UNUSED))
        .isEqualTo(
            """
            *nat
            -F CNI-HOSTPORT-DNAT
            -F CNI-HOSTPORT-MASQ
            -D PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
            -D POSTROUTING -m comment --comment "CNI portfwd" -j CNI-HOSTPORT-MASQ
            -X CNI-HOSTPORT-DNAT
            -X CNI-HOSTPORT-MASQ
            COMMIT
            """);
  }

  @Test
  void chainsWithAPortInThemStay() {
    var used = new ArrayList<>(UNUSED);
    used.add("-A CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 8080 -j CNI-DN-1234");

    assertThat(HostPortChains.removal(used)).isEmpty();
  }

  @Test
  void withoutSuchChainsThereIsNothingToDo() {
    assertThat(HostPortChains.removal(List.of("-P PREROUTING ACCEPT"))).isEmpty();
  }
}
