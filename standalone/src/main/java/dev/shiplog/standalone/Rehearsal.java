package dev.shiplog.standalone;

import dev.shiplog.api.http.ConnectionPatience;
import dev.shiplog.standalone.cli.Shiplog;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Brings up a cluster in a directory of its own, uses it as clients do, and takes it down: what the
 * virtual machine loads, links and learns in it is recorded for the starts of users ({@code
 * -XX:AOTCacheOutput}). Run once, when the product is packaged.
 */
public final class Rehearsal {

  private static final Duration READY_WITHIN = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
  private static final int ROUNDS = 150;
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

  /** What kubectl asks for first. */
  private static final List<String> DOCUMENTS =
      List.of("/api", "/apis", "/openapi/v2", "/openapi/v3", "/openapi/v3/api/v1", "/version");

  private static final String DEPLOYMENT =
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"rehearsal"},"spec":{
      "replicas":2,"selector":{"matchLabels":{"app":"rehearsal"}},"template":{
      "metadata":{"labels":{"app":"rehearsal"}},
      "spec":{"containers":[{"name":"main","image":"rehearsal"}]}}}}\
      """;

  private final DataDirectory data;

  private Rehearsal(DataDirectory data) {
    this.data = data;
  }

  public static void main(String[] arguments) throws IOException {
    ConnectionPatience.askNetty();
    DataDirectory data = new DataDirectory(Files.createTempDirectory("shiplog-rehearsal"));
    Thread.ofPlatform().daemon().name("rehearsal").start(new Rehearsal(data)::run);
    int code =
        Shiplog.commandLine()
            .execute(
                "up",
                "--data-dir",
                data.path().toString(),
                "--port",
                Integer.toString(freePort()),
                "--runtime",
                "simulated");
    delete(data.path());
    System.exit(code);
  }

  private void run() {
    int code = 1;
    try {
      RunningCluster cluster = awaitReady();
      try (HttpClient first = client(cluster, HttpClient.Version.HTTP_1_1);
          HttpClient second = client(cluster, HttpClient.Version.HTTP_2)) {
        use(first, cluster.server());
        use(second, cluster.server());
      }
      code = 0;
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("shiplog: the rehearsal failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Quarkus.asyncExit(code);
    }
  }

  private RunningCluster awaitReady() throws IOException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      RunningCluster cluster = RunningCluster.of(data);
      if (!cluster.server().isEmpty() && cluster.readiness().ready()) {
        return cluster;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    throw new IOException("not ready after " + READY_WITHIN);
  }

  private static HttpClient client(RunningCluster cluster, HttpClient.Version version)
      throws IOException, GeneralSecurityException {
    return HttpClient.newBuilder()
        .sslContext(cluster.trusting())
        .version(version)
        .connectTimeout(ANSWER_WITHIN)
        .build();
  }

  private void use(HttpClient client, String server) throws IOException, InterruptedException {
    for (String document : DOCUMENTS) {
      send(client, "GET", server + document, "", "application/json");
    }
    String deployments = server + "/apis/apps/v1/namespaces/default/deployments";
    send(client, "POST", deployments, DEPLOYMENT, "application/json");
    String watch = server + MAPS + "?watch=1&resourceVersion=0";
    try (InputStream events =
        client.send(request(watch).build(), BodyHandlers.ofInputStream()).body()) {
      for (int i = 0; i < ROUNDS; i++) {
        round(client, server + MAPS, "rehearsal-" + i, events);
      }
    }
    send(client, "DELETE", deployments + "/rehearsal", "", "application/json");
  }

  private void round(HttpClient client, String maps, String name, InputStream events)
      throws IOException, InterruptedException {
    String one = maps + "/" + name;
    send(client, "POST", maps, map(name, 0), "application/json");
    send(client, "GET", one, "", "application/json");
    send(client, "PUT", one, map(name, 1), "application/json");
    send(client, "GET", maps, "", TABLE);
    send(client, "GET", maps, "", "application/json");
    send(client, "DELETE", one, "", "application/json");
    events.skipNBytes(events.available());
  }

  private void send(HttpClient client, String method, String uri, String body, String accepted)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(uri)
            .header("Accept", accepted)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    int code = client.send(request, BodyHandlers.ofByteArray()).statusCode();
    if (code >= 500) {
      throw new IOException(method + " " + uri + " was answered with " + code);
    }
  }

  private HttpRequest.Builder request(String uri) throws IOException {
    return HttpRequest.newBuilder(URI.create(uri))
        .timeout(ANSWER_WITHIN)
        .header("Authorization", "Bearer " + Files.readString(data.adminToken()).strip());
  }

  private static String map(String name, int version) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"v":"%d"}},\
    "data":{"payload":"%s"}}\
    """
        .formatted(name, version, "x".repeat(1024));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
