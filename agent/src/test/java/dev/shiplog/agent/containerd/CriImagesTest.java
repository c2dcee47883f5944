package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CriImagesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private FakeCri cri;
  private ContainerdRuntime runtime;

  @BeforeEach
  void start() throws Exception {
    cri = new FakeCri(directory.resolve("cri.sock"));
    runtime =
        new ContainerdRuntime(
            CriConnection.open(directory.resolve("cri.sock")), "node-1", new LinuxResources(false));
  }

  @AfterEach
  void stop() throws Exception {
    runtime.close();
    cri.close();
  }

  @Test
  void anImageIsFoundByItsShortName() {
    cri.images.put(
        "docker.io/library/busybox:latest",
        Cri.Image.newBuilder().setId("sha256:1").addRepoDigests("busybox@sha256:2").build());

    assertThat(runtime.image("busybox").orElseThrow().reference()).isEqualTo("busybox@sha256:2");
    assertThat(runtime.image("busybox:other")).isEmpty();
  }

  @Test
  void aTextThatIsNoImageReferenceIsRefusedAsSuch() {
    assertThatThrownBy(() -> runtime.image("Not An Image"))
        .isInstanceOfSatisfying(
            RuntimeRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo("InvalidImageName"));
  }

  @Test
  void theImageOfSandboxesHasToStay() {
    for (String name : List.of("docker.io/library/pause:1", "docker.io/library/app:1")) {
      cri.images.put(name, Cri.Image.newBuilder().setId(name).addRepoTags(name).build());
    }

    assertThat(runtime.images())
        .filteredOn(ImageInfo::pinned)
        .flatExtracting(ImageInfo::tags)
        .containsExactly("docker.io/library/pause:1");
  }

  @Test
  void aPulledImageIsGivenBack() {
    assertThat(runtime.pullImage("app:1", List.of(), MINUTE).tags())
        .containsExactly("docker.io/library/app:1");
    assertThat(cri.only(Cri.PullImageRequest.class).hasAuth()).isFalse();
  }

  @Test
  void credentialsAreTriedInOrder() {
    cri.refuseNext("PullImage", Status.UNKNOWN.withDescription("401 Unauthorized"));
    var wrong = new RegistryCredentials("a", "wrong", "docker.io", "");
    var right = new RegistryCredentials("b", "right", "docker.io", "");

    runtime.pullImage("app:1", List.of(wrong, right), MINUTE);

    assertThat(cri.only(Cri.PullImageRequest.class).getAuth().getUsername()).isEqualTo("b");
  }

  @Test
  void anImageThatCannotBePulledIsRefusedWithTheReasonUsersKnow() {
    cri.refuseNext("PullImage", Status.NOT_FOUND.withDescription("no such manifest"));

    assertThatThrownBy(() -> runtime.pullImage("app:1", List.of(), MINUTE))
        .isInstanceOfSatisfying(
            RuntimeRefusedException.class, e -> assertThat(e.reason()).isEqualTo("ErrImagePull"))
        .hasMessage("failed to pull image \"docker.io/library/app:1\": no such manifest");
  }

  @Test
  void aPullThatTakesTooLongIsAFailedPull() {
    cri.neverAnswer("PullImage");

    assertThatThrownBy(() -> runtime.pullImage("app:1", List.of(), Duration.ofMillis(50)))
        .isInstanceOf(RuntimeRefusedException.class)
        .hasMessageEndingWith("it took too long");
  }
}
