package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a webhook is, whom to trust about it and what to show it, in a kubeconfig's words.
 *
 * @param remote the server
 * @param token bearer token that it is shown; empty for none
 * @param identity certificate that it is shown
 */
record WebhookKubeconfig(Remote remote, String token, Optional<RemoteClients.Identity> identity) {

  /**
   * Reads a kubeconfig's current context, or its only cluster and user.
   *
   * @throws IOException if it cannot be read, or names no server over TLS
   */
  static WebhookKubeconfig read(Path file) throws IOException {
    JsonNode config = new YAMLMapper().readTree(Files.readString(file));
    JsonNode context =
        named(config, "contexts", config.path("current-context").asText("")).path("context");
    JsonNode cluster =
        named(config, "clusters", context.path("cluster").asText("")).path("cluster");
    JsonNode user = named(config, "users", context.path("user").asText("")).path("user");
    String server = cluster.path("server").asText("");
    if (!server.startsWith("https://")) {
      throw new IOException(file + ": the cluster's server must be an https URL");
    }
    if (user.has("client-certificate-data") || user.has("exec") || user.has("username")) {
      throw new IOException(
          file
              + ": of users, only token, tokenFile and client-certificate with client-key are"
              + " known");
    }
    return new WebhookKubeconfig(
        Remote.ofUrl(server, trust(file, cluster)), token(file, user), identity(file, user));
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return remote.host() + ":" + remote.port();
  }

  private static JsonNode named(JsonNode config, String list, String name) {
    JsonNode entries = config.path(list);
    for (JsonNode entry : entries) {
      if (entry.path("name").asText("").equals(name)) {
        return entry;
      }
    }
    return entries.size() == 1 ? entries.get(0) : entries.path(-1);
  }

  private static Trust trust(Path file, JsonNode cluster) throws IOException {
    if (cluster.path("insecure-skip-tls-verify").asBoolean()) {
      return Trust.anything();
    }
    if (cluster.has("certificate-authority")) {
      return new Trust(text(file, cluster, "certificate-authority"), false);
    }
    byte[] bundle =
        Base64.getDecoder().decode(cluster.path("certificate-authority-data").asText(""));
    return new Trust(new String(bundle, StandardCharsets.UTF_8), false);
  }

  private static String token(Path file, JsonNode user) throws IOException {
    return user.has("tokenFile")
        ? text(file, user, "tokenFile").strip()
        : user.path("token").asText("");
  }

  private static Optional<RemoteClients.Identity> identity(Path file, JsonNode user) {
    return user.has("client-certificate")
        ? Optional.of(
            new RemoteClients.Identity(
                beside(file, user, "client-certificate"), beside(file, user, "client-key")))
        : Optional.empty();
  }

  private static String text(Path file, JsonNode node, String field) throws IOException {
    return Files.readString(beside(file, node, field));
  }

  /** Paths are relative to the kubeconfig. */
  private static Path beside(Path file, JsonNode node, String field) {
    return file.toAbsolutePath().resolveSibling(node.path(field).asText());
  }
}
