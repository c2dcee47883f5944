package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster with four simulated nodes and a second scheduler's name with a plugin from an outside
 * jar, for all classes that ask for it: they keep apart by the names of their pods. After each of
 * these classes the log is replayed: at no revision may a node have held more than it has.
 */
final class SchedulingCluster implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  static final int NODES = 4;

  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SchedulingCluster.class);

  /**
   * The cluster.
   *
   * @param pluginOptions how the scheduler is configured
   */
  record Running(Product product, List<String> pluginOptions) implements AutoCloseable {
    @Override
    public void close() {
      product.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Run check = running(context).product().run(List.of("check"), Duration.ofMinutes(2));
    assertThat(check.succeeded().out()).contains("always to one with room");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Running.class || type == Kubectl.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Running running = running(context);
    return parameter.getParameter().getType() == Running.class
        ? running
        : running.product().kubectl();
  }

  private static Running running(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .getOrComputeIfAbsent("running", _ -> start(), Running.class);
  }

  private static Running start() {
    try {
      Path directory = Files.createTempDirectory("shiplog-e2e");
      List<String> options = PluginExample.options(directory);
      Product product =
          Product.on(
              directory.resolve("data"),
              "--runtime",
              "simulated",
              "--nodes",
              Integer.toString(NODES),
              options.get(0),
              options.get(1),
              options.get(2),
              options.get(3));
      product.up();
      return new Running(product, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
