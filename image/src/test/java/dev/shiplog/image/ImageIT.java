package dev.shiplog.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.testcontainers.ShiplogContainer;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image of the packaged product runs in a real containerd, as nobody, on a root it cannot
 * write.
 */
@EnabledIf("dev.shiplog.image.Containerd#canRun")
final class ImageIT {

  private static final String NAME = "docker.io/library/shiplog:it";

  @TempDir private static Path directory;
  private static Containerd containerd;

  @BeforeAll
  static void importIt() throws Exception {
    Path archive = directory.resolve("shiplog.tar");
    ImageBuild.main(
        new String[] {
          System.getProperty("shiplog.app"),
          archive.toString(),
          NAME,
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:TieredStopAtLevel=1",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"
        });
    containerd = Containerd.start(directory.resolve("containerd"));
    containerd.ctr("images", "import", archive.toString()).succeeded();
  }

  @AfterAll
  static void stop() {
    if (containerd != null) {
      containerd.close();
    }
  }

  @Test
  void itsCommandIsShiplog() {
    assertThat(run("--help").succeeded().output())
        .contains("Usage: shiplog", "certificates", "run");
  }

  @Test
  void itMakesCertificatesWhereItMayWrite() {
    assertThat(run("certificates", "/tmp/pki").succeeded().output())
        .contains("The certificates are in /tmp/pki.");
    assertThat(run("certificates", "/pki").exit()).isNotZero();
  }

  @Test
  void aPartThatLacksASettingSaysWhich() {
    Containerd.Ended ended = run("run", "api-server");

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.output()).contains("shiplog.");
  }

  /** What Testcontainers gives it, without an engine that Testcontainers knows. */
  @Test
  void asTestcontainersRunItItIsAClusterForClientsOutside() throws Exception {
    List<String> arguments = ShiplogContainer.arguments(2, "127.0.0.1");
    try (Containerd.Running cluster = containerd.start(NAME, arguments)) {
      cluster.awaitLine(Pattern.compile(ShiplogContainer.READY_LINE.strip()));
      String written = Files.readString(cluster.inTmp("shiplog/kubeconfig"));
      String server = "https://localhost:" + ShiplogContainer.API_PORT;
      Config client = Config.fromKubeconfig(ShiplogContainer.reachedAt(server, written));

      assertThat(client.getMasterUrl()).isEqualTo(server + "/");
      assertThat(asks(cluster, client, "api/v1/nodes").succeeded().output())
          .contains("\"name\":\"node-1\"", "\"name\":\"node-2\"")
          .doesNotContain("node-3");
    }
  }

  private static Containerd.Ended asks(Containerd.Running cluster, Config client, String path)
      throws IOException {
    return cluster.inNetwork(
        "curl",
        "--silent",
        "--show-error",
        "--fail",
        "--cacert",
        pem("ca", client.getCaCertData()),
        "--cert",
        pem("crt", client.getClientCertData()),
        "--key",
        pem("key", client.getClientKeyData()),
        client.getMasterUrl() + path);
  }

  private static String pem(String name, String data) throws IOException {
    byte[] text = Base64.getDecoder().decode(data);
    return Files.write(directory.resolve(name + ".pem"), text).toString();
  }

  private static Containerd.Ended run(String... arguments) {
    return containerd.run(NAME, arguments);
  }
}
