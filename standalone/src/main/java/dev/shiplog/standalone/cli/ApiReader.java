package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.pki.ClientTls;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;

/**
 * Reads from an API server as a kubeconfig's current context says: with a client certificate or a
 * token. One thread.
 */
final class ApiReader implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String server;
  private final String token;
  private final HttpClient client;

  private ApiReader(String server, String token, HttpClient client) {
    this.server = server;
    this.token = token;
    this.client = client;
  }

  /** An answer, whatever its code. */
  record Reply(int code, JsonNode body) {

    /** What a Status says. */
    String message() {
      return body.path("message").asText("code " + code);
    }
  }

  /**
   * Reads a kubeconfig.
   *
   * @throws StartFailure if it cannot be used
   */
  static ApiReader of(Path kubeconfig) {
    try {
      JsonNode config = new YAMLMapper().readTree(Files.readString(kubeconfig));
      JsonNode context = named(config, "contexts", config.path("current-context").asText());
      JsonNode cluster =
          named(config, "clusters", context.path("context").path("cluster").asText());
      JsonNode user = named(config, "users", context.path("context").path("user").asText());
      Fields of = new Fields(kubeconfig.toAbsolutePath().getParent());
      byte[] authority = of.bytes(cluster.path("cluster"), "certificate-authority");
      if (authority == null) {
        throw new StartFailure(kubeconfig + " names no certificate authority");
      }
      JsonNode credentials = user.path("user");
      HttpClient client =
          HttpClient.newBuilder()
              .sslContext(
                  ClientTls.context(
                      authority,
                      of.bytes(credentials, "client-certificate"),
                      of.bytes(credentials, "client-key")))
              .connectTimeout(TIMEOUT)
              .build();
      return new ApiReader(
          cluster.path("cluster").path("server").asText(),
          credentials.path("token").asText(),
          client);
    } catch (IOException | GeneralSecurityException e) {
      throw new StartFailure("the kubeconfig " + kubeconfig + " cannot be used: " + e.getMessage());
    }
  }

  private static JsonNode named(JsonNode config, String list, String name) {
    for (JsonNode each : config.path(list)) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new StartFailure("the kubeconfig has no entry \"" + name + "\" under " + list);
  }

  /** Files are named relative to the kubeconfig. */
  private record Fields(Path directory) {

    byte[] bytes(JsonNode object, String name) throws IOException {
      if (object.hasNonNull(name + "-data")) {
        return Base64.getMimeDecoder().decode(object.path(name + "-data").asText());
      }
      return object.hasNonNull(name)
          ? Files.readAllBytes(directory.resolve(object.path(name).asText()))
          : null;
    }
  }

  /**
   * Asks for something.
   *
   * @throws StartFailure if the server does not answer
   */
  Reply get(String pathAndQuery) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(server + pathAndQuery))
              .header("Accept", "application/json")
              .timeout(TIMEOUT);
      if (!token.isEmpty()) {
        request.header("Authorization", "Bearer " + token);
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(answer.statusCode(), Json.MAPPER.readTree(answer.body()));
    } catch (IOException e) {
      throw new StartFailure(server + " does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
