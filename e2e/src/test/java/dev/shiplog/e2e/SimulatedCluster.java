package dev.shiplog.e2e;

import java.nio.file.Path;

/**
 * One cluster with a simulated node for all test classes that ask for it: they keep apart by
 * namespace. It waits for seconds only for who connects and asks for nothing.
 */
final class SimulatedCluster extends SharedProduct<SimulatedCluster.Running> {

  /** The cluster. */
  record Running(Product product) implements SharedProduct.Running {}

  SimulatedCluster() {
    super(Running.class);
  }

  @Override
  Running start(Path directory) {
    Product product =
        Product.on(directory.resolve("data"), "--runtime", "simulated", "--log-format", "json")
            .with("SHIPLOG_API_FIRST_REQUEST_TIMEOUT", "3s");
    product.up();
    return new Running(product);
  }
}
