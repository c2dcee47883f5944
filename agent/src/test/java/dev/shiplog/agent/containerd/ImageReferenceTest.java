package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.runtime.RuntimeRefusedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest",
    "busybox:1.36, docker.io/library/busybox:1.36",
    "grafana/grafana, docker.io/grafana/grafana:latest",
    "a/b/c_d/e__f/g-h, docker.io/a/b/c_d/e__f/g-h:latest",
    "docker.io/library/busybox:stable, docker.io/library/busybox:stable",
    "registry.k8s.io/pause, registry.k8s.io/pause:latest",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app:v1, localhost:5000/app:v1",
    "Registry/app, Registry/app:latest",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "app@sha256:0123456789abcdef0123456789abcdef,"
        + " docker.io/library/app@sha256:0123456789abcdef0123456789abcdef",
    "app:v1@sha256:0123456789abcdef0123456789abcdef,"
        + " docker.io/library/app:v1@sha256:0123456789abcdef0123456789abcdef",
  })
  void aShortNameIsCompleted(String reference, String full) {
    assertThat(ImageReference.complete(reference)).isEqualTo(full);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "App",
        "a b",
        "app:",
        "app:-x",
        "app@sha256:12",
        "/app",
        "app/",
        "a//b",
        "a..b",
        "-app",
        "docker.io/Library/app",
        "http://host/app",
        "app:tag:tag",
        "app\n"
      })
  void aTextThatIsNoNameIsRefused(String reference) {
    assertThatThrownBy(() -> ImageReference.complete(reference))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessage("\"" + reference + "\" is not a valid image reference");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 4000})
  void aNameThatIsTooLongIsRefused(int length) {
    assertThatThrownBy(() -> ImageReference.complete("docker.io/" + "a".repeat(length)))
        .isInstanceOf(RuntimeRefusedException.class);
  }
}
