package dev.shiplog.agent.staticpods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StaticPodDirectoryTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {containers: [{name: c, image: "busybox:%s"}]}
      """;

  @TempDir private Path directory;

  private List<Pod> read(StaticPodDirectory pods) {
    return pods.read(Instant.EPOCH);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  @Test
  void aFileIsAPodOfThisNode() throws Exception {
    write("web.yaml", POD.formatted("1"));

    Pod pod = read(new StaticPodDirectory(directory, "east")).getFirst();

    assertThat(pod.getMetadata().getName()).isEqualTo("web-east");
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(pod.getSpec().getNodeName()).isEqualTo("east");
    assertThat(Mirrors.isStatic(pod)).isTrue();
  }

  @Test
  void aChangedFileIsAnotherPod() throws Exception {
    StaticPodDirectory pods = new StaticPodDirectory(directory, "east");
    write("web.yaml", POD.formatted("1"));
    String before = read(pods).getFirst().getMetadata().getUid();

    write("web.yaml", POD.formatted("2"));

    assertThat(read(pods).getFirst().getMetadata().getUid()).isNotEqualTo(before);
  }

  @Test
  void aFileThatCannotBeUnderstoodLeavesItsPodAsItWas() throws Exception {
    StaticPodDirectory pods = new StaticPodDirectory(directory, "east");
    write("web.yaml", POD.formatted("1"));
    List<Pod> before = read(pods);

    write("web.yaml", "kind: [");

    assertThat(read(pods)).isEqualTo(before);
  }

  @Test
  void otherFilesAreNoPods() throws Exception {
    write(".web.yaml", POD.formatted("1"));
    write("web.yaml~", POD.formatted("1"));
    write("readme.txt", "nothing");

    assertThat(read(new StaticPodDirectory(directory, "east"))).isEmpty();
  }

  @Test
  void withoutADirectoryThereAreNone() {
    assertThat(read(new StaticPodDirectory(directory.resolve("no"), "east"))).isEmpty();
  }
}
