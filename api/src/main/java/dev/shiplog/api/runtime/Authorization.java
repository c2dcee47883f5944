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
import dev.shiplog.api.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Who may do what, as configured. Made before the store runs, asked after. */
final class Authorization implements AutoCloseable {

  private final StateFollower<RbacPolicy> policy;
  private final StateFollower<NodeGraph> graph;
  private final RbacAuthorizer roles;
  private final Authorizer authorizer;

  /**
   * Prepares it.
   *
   * @param modes {@code Node}, {@code RBAC}, {@code AlwaysAllow}, in the order they are asked
   * @throws IllegalArgumentException if one is another word, or there is none
   */
  Authorization(List<String> modes, Store store) {
    policy = new StateFollower<>(store, RbacPolicy.SOURCES, RbacPolicy::new);
    graph = new StateFollower<>(store, NodeGraph.SOURCES, NodeGraph::new);
    roles = new RbacAuthorizer(policy::current);
    List<Authorizer> chain = new ArrayList<>();
    chain.add(HealthPaths.ALLOWED);
    modes.forEach(mode -> chain.add(authorizer(mode)));
    if (modes.isEmpty()) {
      throw new IllegalArgumentException("no authorization mode is set: Node, RBAC, AlwaysAllow");
    }
    authorizer = new AuthorizerChain(chain);
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
  }
}
