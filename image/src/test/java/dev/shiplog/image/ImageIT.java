package dev.shiplog.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

  private static Containerd.Ended run(String... arguments) {
    return containerd.run(NAME, arguments);
  }
}
