package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.plugins.Asking.verdict;
import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.framework.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePortsTest {

  @ParameterizedTest
  @CsvSource({
    "TCP/0.0.0.0/80, TCP/0.0.0.0/80, false",
    "TCP/0.0.0.0/80, TCP/0.0.0.0/81, true",
    "TCP/0.0.0.0/80, UDP/0.0.0.0/80, true",
    "TCP/10.0.0.1/80, TCP/10.0.0.2/80, true",
    "TCP/10.0.0.1/80, TCP/10.0.0.1/80, false",
    "TCP/10.0.0.1/80, TCP/0.0.0.0/80, false",
    "TCP/0.0.0.0/80, TCP/10.0.0.1/80, false",
  })
  void aPortIsGivenOnceForEachProtocolAndAddress(String wanted, String used, boolean passes) {
    Verdict verdict =
        verdict(new NodePorts(), pod("a", spec(wanted, "")), node("n"), pod("b", spec(used, "n")));
    assertThat(verdict)
        .isEqualTo(
            passes
                ? Verdict.PASS
                : Verdict.unschedulable(
                    "node(s) didn't have free ports for the requested pod ports"));
  }

  private static String spec(String port, String node) {
    String[] parts = port.split("/", -1);
    return "{nodeName: '%s', containers: [{ports: [{protocol: '%s', hostIP: '%s', hostPort: %s}]}]}"
        .formatted(node, parts[0], parts[1], parts[2]);
  }
}
