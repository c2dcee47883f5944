package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.AuthorizerChain;
import dev.shiplog.api.access.HealthPaths;
import dev.shiplog.api.access.StateFollower;
import dev.shiplog.api.access.node.NodeAuthorizer;
import dev.shiplog.api.access.node.NodeGraph;
import dev.shiplog.api.access.rbac.EscalationCheck;
import dev.shiplog.api.access.rbac.RbacAuthorizer;
import dev.shiplog.api.access.rbac.RbacPolicy;
import dev.shiplog.api.access.webhook.AuthorizationConfiguration;
import dev.shiplog.api.access.webhook.SubjectWebhook;
import dev.shiplog.api.access.webhook.WebhookConnection;
import dev.shiplog.api.store.Store;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Who may do what, as configured. Made before the store runs, asked after. */
final class Authorization implements AutoCloseable {

  private final StateFollower<RbacPolicy> policy;
  private final StateFollower<NodeGraph> graph;
  private final RbacAuthorizer roles;
  private final Authorizer authorizer;
  private final List<WebhookConnection> connections = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @throws IllegalArgumentException if a mode is unknown, or there is none
   * @throws IOException if a file cannot be read, or makes no sense
   */
  Authorization(ApiConfig config, Store store, Vertx vertx, InstantSource clock)
      throws IOException {
    policy = new StateFollower<>(store, RbacPolicy.SOURCES, RbacPolicy::new);
    graph = new StateFollower<>(store, NodeGraph.SOURCES, NodeGraph::new);
    roles = new RbacAuthorizer(policy::current);
    List<Authorizer> chain = new ArrayList<>();
    chain.add(HealthPaths.ALLOWED);
    for (AuthorizationConfiguration.Entry entry : entries(config)) {
      chain.add(
          entry.type().equals("Webhook")
              ? webhook(entry.webhook(), vertx, clock)
              : authorizer(entry.type()));
    }
    authorizer = new AuthorizerChain(chain);
  }

  /** The file's, or the words of the setting. */
  private static List<AuthorizationConfiguration.Entry> entries(ApiConfig config)
      throws IOException {
    if (config.authorizationConfig().isPresent()) {
      return AuthorizationConfiguration.read(config.authorizationConfig().get()).authorizers();
    }
    if (config.authorizationMode().isEmpty()) {
      throw new IllegalArgumentException("no authorization mode is set: Node, RBAC, AlwaysAllow");
    }
    return config.authorizationMode().stream()
        .map(mode -> new AuthorizationConfiguration.Entry(mode, mode, null))
        .toList();
  }

  private Authorizer webhook(
      AuthorizationConfiguration.Webhook written, Vertx vertx, InstantSource clock)
      throws IOException {
    WebhookConnection server =
        WebhookConnection.read(Path.of(written.connectionInfo().kubeConfigFile()), vertx);
    connections.add(server);
    return new SubjectWebhook(server, written.settings(), clock);
  }

  private Authorizer authorizer(String mode) {
    return switch (mode) {
      case "Node" -> new NodeAuthorizer(graph::current);
      case "RBAC" -> roles;
      case "AlwaysAllow" -> AuthorizerChain.alwaysAllow();
      default ->
          throw new IllegalArgumentException(
              "unknown authorization mode " + mode + ": there are Node, RBAC, AlwaysAllow");
    };
  }

  Authorizer authorizer() {
    return authorizer;
  }

  EscalationCheck escalationCheck() {
    return new EscalationCheck(authorizer, roles);
  }

  /** Follows the store, which runs by now. */
  void follow(Executor workers) {
    policy.follow(workers);
    graph.follow(workers);
  }

  @Override
  public void close() {
    policy.close();
    graph.close();
    connections.forEach(WebhookConnection::close);
  }
}
