package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A small CSI driver of our own, as a process beside a node. Attaching, for which real drivers have
 * a controller, is the test's.
 */
final class StorageDriver implements AutoCloseable {

  static final String NAME = "dirs.example.com";

  private static final String PROGRAM = "dev.shiplog.agent.testing.DirectoryDriver";
  private static final long STOP_SECONDS = 20;

  private final Process process;

  private StorageDriver(Process process) {
    this.process = process;
  }

  /**
   * Starts it on the only node of a product.
   *
   * @param store where it keeps its volumes, each in a directory of its handle's name
   */
  static StorageDriver on(Product product, Path store) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  libraries(),
                  PROGRAM,
                  node(product).toString(),
                  store.toString())
              .redirectErrorStream(true)
              .redirectOutput(store.resolveSibling("driver.log").toFile())
              .start();
      return new StorageDriver(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path node(Product product) throws IOException {
    try (Stream<Path> nodes = Files.list(product.data().resolve("nodes"))) {
      return nodes.findFirst().orElseThrow();
    }
  }

  /** The product has the driver among what it offers to tests. */
  private static String libraries() {
    Path all = Product.checkout().resolve("standalone/target/quarkus-app/lib");
    return Stream.of("main", "boot")
        .map(part -> all.resolve(part).resolve("*").toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A volume of it with a claim that is bound to it, all called by the same name. */
  static String claim(String name, String mode) {
    return """
    apiVersion: v1
    kind: PersistentVolume
    metadata:
      name: %1$s
    spec:
      capacity: {storage: 4Mi}
      accessModes: [ReadWriteOnce]
      volumeMode: %2$s
      storageClassName: ""
      persistentVolumeReclaimPolicy: Retain
      csi: {driver: %3$s, volumeHandle: %1$s}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: %1$s
    spec:
      accessModes: [ReadWriteOnce]
      volumeMode: %2$s
      storageClassName: ""
      volumeName: %1$s
      resources: {requests: {storage: 4Mi}}
    ---
    """
        .formatted(name, mode, NAME);
  }

  /** Does what the driver's controller does once the volume is asked for: attaches it. */
  static void attach(Kubectl kubectl, String volume) {
    String attachment = attachment(kubectl, volume);
    patch(kubectl, attachment, "{\"metadata\":{\"finalizers\":[\"example.com/attacher\"]}}");
    patch(kubectl, attachment, "{\"status\":{\"attached\":true}}", "--subresource=status");
  }

  /** Does what the driver's controller does with an attachment that is deleted. */
  static void detach(Kubectl kubectl, String volume) {
    String attachment = attachment(kubectl, volume);
    kubectl.ok("wait --for=jsonpath={.metadata.deletionTimestamp} --timeout=60s " + attachment);
    assertThat(kubectl.ok("get nodes -o jsonpath={.items[*].status.volumesInUse}")).isEmpty();
    patch(kubectl, attachment, "{\"metadata\":{\"finalizers\":null}}");
  }

  private static String attachment(Kubectl kubectl, String volume) {
    List<String> query =
        List.of(
            "get",
            "volumeattachments",
            "-o",
            "jsonpath={.items[?(@.spec.source.persistentVolumeName==\"%s\")].metadata.name}"
                .formatted(volume));
    return "volumeattachment/"
        + Awaitility.await("an attachment of " + volume)
            .atMost(Duration.ofMinutes(1))
            .until(() -> kubectl.run(query).out().strip(), name -> !name.isEmpty());
  }

  private static void patch(Kubectl kubectl, String what, String patch, String... how) {
    List<String> command = new ArrayList<>(List.of("patch", what, "--type=merge", "-p", patch));
    command.addAll(List.of(how));
    kubectl.run(command).succeeded();
  }
}
