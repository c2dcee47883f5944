package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The ConfigMap in which extension servers read whom they may believe: the authorities of clients,
 * and the front proxy that says on whose behalf it asks.
 */
final class ExtensionTrust {

  private ExtensionTrust() {}

  /** The ConfigMap, with what this server is configured to trust itself. */
  static ObjectNode configMap(ApiConfig config) {
    ObjectNode map =
        Json.MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata")
        .put("namespace", "kube-system")
        .put("name", "extension-apiserver-authentication");
    ObjectNode data = map.putObject("data");
    config.clientCaFile().ifPresent(file -> data.put("client-ca-file", text(file)));
    Optional<Path> proxies = config.requestheaderClientCaFile();
    proxies.ifPresent(file -> data.put("requestheader-client-ca-file", text(file)));
    if (proxies.isPresent()) {
      list(data, "allowed-names", config.requestheaderAllowedNames().orElse(List.of()));
      list(data, "username-headers", List.of("X-Remote-User"));
      list(data, "uid-headers", List.of("X-Remote-Uid"));
      list(data, "group-headers", List.of("X-Remote-Group"));
      list(data, "extra-headers-prefix", List.of("X-Remote-Extra-"));
    }
    return map;
  }

  /** Lists stand in it as JSON. */
  private static void list(ObjectNode data, String what, List<String> values) {
    data.put("requestheader-" + what, Json.MAPPER.valueToTree(values).toString());
  }

  private static String text(Path pem) {
    try {
      return Files.readString(pem);
    } catch (IOException e) {
      throw new UncheckedIOException("certificates cannot be read: " + pem, e);
    }
  }
}
