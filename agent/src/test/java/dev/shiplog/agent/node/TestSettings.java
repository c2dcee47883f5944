package dev.shiplog.agent.node;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Settings of the node "east", which has two cores and 4 GiB. */
public final class TestSettings {

  private TestSettings() {}

  /** With what belongs to it in a directory of the test. */
  public static NodeSettings in(Path directory) {
    return of(directory.resolve("data"), directory.resolve("logs"));
  }

  public static NodeSettings of(Path data, Path logs) {
    return new NodeSettings(
        "east",
        List.of(new NodeAddress("192.0.2.1", NodeSettings.INTERNAL_IP)),
        10250,
        data,
        logs,
        Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi")),
        Map.of(),
        Map.of(),
        List.of(),
        "",
        NodeSettings.ClusterDns.NONE);
  }
}
