package dev.shiplog.agent.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.container.Data;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Secrets of type dockerconfigjson and dockercfg: who to be at which registry. */
final class PullSecrets {

  private static final String DEFAULT_REGISTRY = "docker.io";

  private PullSecrets() {}

  /** What the secret holds for the image's registry; empty too if it cannot be read. */
  static List<RegistryCredentials> credentials(Secret secret, String image) {
    Map<String, byte[]> data = Data.bytes(secret);
    try {
      JsonNode servers =
          data.containsKey(".dockerconfigjson")
              ? Json.read(data.get(".dockerconfigjson"), JsonNode.class).path("auths")
              : Json.read(data.getOrDefault(".dockercfg", new byte[] {'{', '}'}), JsonNode.class);
      return servers.properties().stream()
          .filter(server -> isFor(server.getKey(), image))
          .flatMap(server -> credentials(server.getKey(), server.getValue()).stream())
          .toList();
    } catch (UncheckedIOException | IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Optional<RegistryCredentials> credentials(String server, JsonNode auth) {
    String token = auth.path("identitytoken").asText("");
    String username = auth.path("username").asText("");
    String password = auth.path("password").asText("");
    if (username.isEmpty() && auth.hasNonNull("auth")) {
      String both =
          new String(Base64.getDecoder().decode(auth.get("auth").asText()), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      if (colon < 0) {
        return Optional.empty();
      }
      username = both.substring(0, colon);
      password = both.substring(colon + 1);
    }
    return Optional.of(new RegistryCredentials(username, password, host(server), token));
  }

  private static boolean isFor(String server, String image) {
    String registry = registry(image);
    String host = host(server);
    boolean isHub = registry.equals(DEFAULT_REGISTRY) && host.endsWith(DEFAULT_REGISTRY);
    return host.equals(registry) || isHub;
  }

  private static String registry(String image) {
    String first = image.split("/", 2)[0];
    boolean named =
        image.contains("/")
            && (first.contains(".") || first.contains(":") || first.equals("localhost"));
    return named ? first : DEFAULT_REGISTRY;
  }

  private static String host(String server) {
    return server.replaceFirst("^https?://", "").split("/", 2)[0];
  }
}
