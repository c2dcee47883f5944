package dev.shiplog.agent.containerd.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ContainerdLayoutTest {

  private static Path socketIn(String directory) {
    return new ContainerdLayout(Path.of(directory)).socket();
  }

  @Test
  void theSocketLiesWithTheRest() {
    assertThat(socketIn("/data/containerd")).hasToString("/data/containerd/containerd.sock");
  }

  @Test
  void thePathOfASocketIsNeverTooLongForTheKernel() {
    String longest = "/" + "d".repeat(84);
    assertThat(socketIn(longest)).hasToString(longest + "/containerd.sock");

    assertThat(socketIn(longest + "d").toString())
        .startsWith("/run/shiplog/")
        .endsWith("/containerd.sock")
        .hasSizeLessThan(60);
    assertThat(socketIn("/" + "ü".repeat(60)).toString()).startsWith("/run/shiplog/");
  }

  @Test
  void twoLongDirectoriesHaveTwoSockets() {
    assertThat(socketIn("/" + "a".repeat(100))).isNotEqualTo(socketIn("/" + "b".repeat(100)));
  }

  @Test
  void aDirectoryIsTheSameHoweverItIsWritten() {
    assertThat(new ContainerdLayout(Path.of("/data/x/../containerd")))
        .isEqualTo(new ContainerdLayout(Path.of("/data/containerd")));
  }
}
