package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One cluster with a simulated node for all test classes that ask for it: they keep apart by
 * namespace. It goes down after the last of them. It waits for seconds only for who connects and
 * asks for nothing.
 */
final class SimulatedCluster implements BeforeAllCallback, ParameterResolver {

  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SimulatedCluster.class);

  private record Running(Product product, Path directory) implements AutoCloseable {
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
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Product.class || type == Kubectl.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Product product = running(context).product();
    return parameter.getParameter().getType() == Product.class ? product : product.kubectl();
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
      Product product =
          Product.on(directory.resolve("data"), "--runtime", "simulated", "--log-format", "json")
              .with("SHIPLOG_API_FIRST_REQUEST_TIMEOUT", "3s");
      product.up();
      return new Running(product, directory);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
