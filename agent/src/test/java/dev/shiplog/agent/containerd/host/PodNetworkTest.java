package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PodNetworkTest {

  private static final PodNetwork NETWORK = new PodNetwork("10.244.3.0/24", "10.244.0.0/16");

  @Test
  void thePlugInsGetTheNodesSubnetAndAFileOfOurOwnForAddresses() throws Exception {
    JsonNode plugin =
        new ObjectMapper()
            .readTree(NETWORK.configuration(Path.of("/data/\"odd\"/addresses")))
            .at("/plugins/0");

    assertThat(plugin.get("type").asText()).isEqualTo("ptp");
    assertThat(plugin.at("/ipam/ranges/0/0/subnet").asText()).isEqualTo("10.244.3.0/24");
    assertThat(plugin.at("/ipam/dataDir").asText()).isEqualTo("/data/\"odd\"/addresses");
  }

  @Test
  void onlyWhatLeavesTheClusterGetsTheHostsAddress() {
    assertThat(NETWORK.masquerading())
        .isEqualTo(
            """
            add table ip shiplog-pods-10.244.3.0_24
            delete table ip shiplog-pods-10.244.3.0_24
            table ip shiplog-pods-10.244.3.0_24 {
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr 10.244.3.0/24 ip daddr != { 10.244.0.0/16, 224.0.0.0/4 } masquerade
              }
            }
            """);
  }
}
