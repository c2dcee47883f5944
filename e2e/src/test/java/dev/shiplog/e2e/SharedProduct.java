package dev.shiplog.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives one cluster to all test classes that ask for it by the same extension, as parameters of
 * their constructors and methods. It comes up with the first of them, and goes down after the last
 * of all tests.
 *
 * @param <R> what the classes get, besides a {@link Kubectl} for it
 */
abstract class SharedProduct<R extends SharedProduct.Running>
    implements BeforeAllCallback, ParameterResolver {

  /** A cluster that is up. */
  interface Running extends AutoCloseable {

    Product product();

    @Override
    default void close() {
      product().close();
    }
  }

  private final Class<R> type;

  SharedProduct(Class<R> type) {
    this.type = type;
  }

  /** Brings the cluster up, with what it keeps under a directory of its own. */
  abstract R start(Path directory) throws IOException;

  @Override
  public void beforeAll(ExtensionContext context) {
    running(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> asked = parameter.getParameter().getType();
    return asked == type || asked == Product.class || asked == Kubectl.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> asked = parameter.getParameter().getType();
    R running = running(context);
    if (asked == type) {
      return running;
    }
    return asked == Product.class ? running.product() : running.product().kubectl();
  }

  R running(ExtensionContext context) {
    ExtensionContext.Store store =
        context.getRoot().getStore(ExtensionContext.Namespace.create(getClass()));
    // What was put there last is closed first.
    TemporaryDirectory directory =
        store.getOrComputeIfAbsent(
            "directory", _ -> TemporaryDirectory.make(), TemporaryDirectory.class);
    return store.getOrComputeIfAbsent("running", _ -> started(directory.path()), type);
  }

  private R started(Path directory) {
    try {
      return start(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
