package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.consistency.ApiServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk runs full under a running cluster. It says so and ends, and loses nothing. */
final class FullDiskIT {

  private static final String PATH = "/api/v1/namespaces/default/configmaps";
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final int OBJECT_BYTES = 200_000;

  @Test
  void nothingAcknowledgedIsLostAndAStartGoesOnOnceThereIsSpace(@TempDir Path disk)
      throws Exception {
    Run mounted = run("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk.toString());
    Assumptions.assumeTrue(mounted.exit() == 0, "skipped: a small disk cannot be mounted here");
    try (Product product =
        Product.on(disk.resolve("data"), "--without", "controllers,scheduler,agent")) {
      product.up();
      ProcessHandle process = ProcessHandle.of(product.pid()).orElseThrow();
      Path rest = disk.resolve("rest");
      List<String> acknowledged = new ArrayList<>(create(product, "before", 3));
      fill(rest);
      acknowledged.addAll(create(product, "full", 30));
      Awaitility.await("end of the process")
          .atMost(Duration.ofMinutes(2))
          .until(() -> !process.isAlive());

      Files.delete(rest);
      assertThat(said(product)).contains("the Kafka broker in");
      product.up();
      String names = product.kubectl().ok("get configmaps -o jsonpath={.items[*].metadata.name}");
      assertThat(List.of(names.split(" "))).containsAll(acknowledged);
      product.kubectl().ok("create configmap goes-on");
    } finally {
      run("umount", disk.toString());
    }
  }

  /** Creates until one is not answered with success; the names of those that were. */
  private static List<String> create(Product product, String prefix, int atMost) {
    List<String> created = new ArrayList<>();
    try (ApiServer server =
        new ApiServer(
            product.server(),
            product.adminToken(),
            product.data().resolve("pki").resolve("ca.crt"))) {
      for (int i = 0; i < atMost; i++) {
        String name = prefix + "-" + i;
        String body =
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"%s\"}}"
                .formatted(name, "x".repeat(OBJECT_BYTES));
        if (server.send("POST", PATH, body).statusCode() != 201) {
          return created;
        }
        created.add(name);
      }
    } catch (IOException e) {
      // The process ended in the middle of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return created;
  }

  /** Takes what is left of the disk, but for a little. */
  private static void fill(Path rest) throws IOException {
    long left = Files.getFileStore(rest.getParent()).getUsableSpace() - 5 * OBJECT_BYTES;
    try (OutputStream out = Files.newOutputStream(rest)) {
      byte[] block = new byte[64 * 1024];
      for (long written = 0; written < left; written += block.length) {
        out.write(block);
      }
    }
  }

  private static String said(Product product) throws IOException {
    return Files.readString(product.data().resolve("up.out"));
  }

  private static Run run(String... command) {
    return Run.of(List.of(command), Map.of(), BOUND);
  }
}
