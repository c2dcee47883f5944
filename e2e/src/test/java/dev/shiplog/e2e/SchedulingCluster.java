package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One cluster with four simulated nodes and a second scheduler's name with a plugin from an outside
 * jar, for all classes that ask for it: they keep apart by the names of their pods. After each of
 * these classes the log is replayed: at no revision may a node have held more than it has.
 */
final class SchedulingCluster extends SharedProduct<SchedulingCluster.Running>
    implements AfterAllCallback {

  static final int NODES = 4;

  /**
   * The cluster.
   *
   * @param pluginOptions how the scheduler is configured
   */
  record Running(Product product, List<String> pluginOptions) implements SharedProduct.Running {}

  SchedulingCluster() {
    super(Running.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Run check = running(context).product().run(List.of("check"), Duration.ofMinutes(2));
    assertThat(check.succeeded().out()).contains("always to one with room");
  }

  @Override
  Running start(Path directory) throws IOException {
    List<String> plugin = PluginExample.options(directory);
    List<String> options =
        new ArrayList<>(List.of("--runtime", "simulated", "--nodes", Integer.toString(NODES)));
    options.addAll(plugin);
    Product product = Product.on(directory.resolve("data"), options.toArray(String[]::new));
    product.up();
    return new Running(product, plugin);
  }
}
