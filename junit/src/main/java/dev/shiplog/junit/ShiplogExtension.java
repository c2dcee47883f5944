package dev.shiplog.junit;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts the cluster that {@link ShiplogTest} asks for, and hands it out. Clusters end with the
 * context they are kept in: the class, or the whole run where they are shared.
 */
final class ShiplogExtension implements BeforeAllCallback, ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ShiplogExtension.class);

  private static final Set<Class<?>> PARAMETERS =
      Set.of(ShiplogCluster.class, KubernetesClient.class);

  /** What makes two clusters alike; also their key in the store. */
  private record Wish(int nodes, String without) {}

  /** Closed by JUnit with the context it is stored in. */
  private record Kept(ShiplogCluster cluster) implements AutoCloseable {
    @Override
    public void close() {
      cluster.close();
    }
  }

  private record KeptClient(KubernetesClient client) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var _ = cluster(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ShiplogCluster cluster = cluster(context);
    return parameter.getParameter().getType().equals(ShiplogCluster.class)
        ? cluster
        : client(cluster, context);
  }

  /** One that a test may close, as operators do when they stop. */
  private static KubernetesClient client(ShiplogCluster cluster, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            context.getUniqueId(), key -> new KeptClient(cluster.newClient()), KeptClient.class)
        .client();
  }

  private static ShiplogCluster cluster(ExtensionContext context) {
    Class<?> asked = context.getRequiredTestClass();
    ShiplogTest wanted =
        AnnotationSupport.findAnnotation(
                asked, ShiplogTest.class, context.getEnclosingTestClasses())
            .orElseThrow(() ->
                new IllegalStateException(asked.getName() + " is not annotated with @ShiplogTest"));
    Wish wish = new Wish(wanted.nodes(), wanted.without());
    return (wanted.alone() ? ofClass(context) : context.getRoot())
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            wish, key -> new Kept(ShiplogCluster.start(key.nodes(), key.without())), Kept.class)
        .cluster();
  }

  /** The outermost class's context: nested classes use its cluster, and methods do. */
  private static ExtensionContext ofClass(ExtensionContext context) {
    ExtensionContext at = context;
    while (at.getParent().filter(parent -> parent.getTestClass().isPresent()).isPresent()) {
      at = at.getParent().get();
    }
    return at;
  }
}
