package dev.shiplog.agent.containerd.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.agent.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses that the network plug-ins have given to sandboxes of one containerd. */
record Addresses(ContainerdLayout layout) {

  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The plug-in takes rules away only where it is told of ports, whichever. */
  private static final String ANY_PORT =
      "{\"portMappings\":[{\"hostPort\":1,\"containerPort\":1,\"protocol\":\"tcp\"}]}";

  /** Ids of the sandboxes that have one: each file is an address, and its first line the owner. */
  Set<String> owners() {
    return Remains.entries(layout.addressDirectory().resolve(PodNetwork.NAME))
        .filter(file -> Character.isDigit(file.getFileName().toString().charAt(0)))
        .map(Addresses::owner)
        .filter(owner -> !owner.isEmpty())
        .collect(Collectors.toSet());
  }

  /** Gives back what a sandbox has: the address, and rules for its host ports. */
  void release(String id, Programs programs) throws IOException {
    if (!owners().contains(id)) {
      return;
    }
    JsonNode network =
        JSON.readTree(Files.readString(layout.networkDirectory().resolve(PodNetwork.FILE)));
    List<JsonNode> plugins = new ArrayList<>();
    network.path("plugins").forEach(plugins::add);
    for (JsonNode plugin : plugins.reversed()) {
      HostCommand.Result result = delete(id, network, plugin, programs);
      if (!result.succeeded()) {
        throw new IOException(result.lastWords());
      }
    }
  }

  private static HostCommand.Result delete(
      String id, JsonNode network, JsonNode plugin, Programs programs) throws IOException {
    ObjectNode configuration = plugin.deepCopy();
    configuration.set("name", network.path("name"));
    configuration.set("cniVersion", network.path("cniVersion"));
    configuration.set("runtimeConfig", JSON.readTree(ANY_PORT));
    return HostCommand.run(
        COMMAND,
        List.of(programs.cniDirectory().resolve(plugin.path("type").asText()).toString()),
        Map.of(
            "CNI_COMMAND",
            "DEL",
            "CNI_CONTAINERID",
            id,
            "CNI_NETNS",
            "",
            "CNI_IFNAME",
            "eth0",
            "CNI_PATH",
            programs.cniDirectory().toString()),
        configuration.toString());
  }

  private static String owner(Path file) {
    try {
      return Files.readString(file).lines().findFirst().map(String::strip).orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
