package dev.shiplog.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A cluster with real containers, which has the image of {@link BusyboxImage}. It uses the
 * machine's bridge and firewall: who starts one holds {@link #MACHINE} as a resource lock.
 */
final class ContainerdCluster implements AutoCloseable {

  static final String MACHINE = "the machine's network";

  private static final Duration IMPORT_BOUND = Duration.ofMinutes(1);

  private final Product product;

  private ContainerdCluster(Product product) {
    this.product = product;
  }

  /**
   * Brings it up on a data directory below {@code directory}, with these options of {@code up};
   * skips the test without root.
   */
  static ContainerdCluster in(Path directory, String... options) {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: containerd needs root");
    Path image = BusyboxImage.archive(directory);
    List<String> all = new ArrayList<>(List.of("--runtime", "containerd"));
    all.addAll(List.of(options));
    Product product = Product.on(directory.resolve("data"), all.toArray(String[]::new));
    ContainerdCluster cluster = new ContainerdCluster(product);
    try {
      product.up();
      product.run(List.of("image", "import", image.toString()), IMPORT_BOUND).succeeded();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  Product product() {
    return product;
  }

  @Override
  public void close() {
    product.close();
  }
}
