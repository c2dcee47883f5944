package dev.shiplog.standalone;

import dev.shiplog.agent.containerd.host.ContainerdInstall;
import dev.shiplog.agent.policy.PolicyEnforcer;
import dev.shiplog.agent.probes.Prober;
import dev.shiplog.agent.probes.RealProber;
import dev.shiplog.agent.proxy.ServiceProxy;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.routes.HostRoutes;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/** What runs the pods of this process' nodes. Used by one thread. */
sealed interface NodeRuntime extends AutoCloseable
    permits OwnContainerd, GivenContainerd, SimulatedNodes {

  /** Names of the nodes it is for. */
  List<String> names();

  /** The runtime of one of them. */
  PodRuntime of(String node);

  /** Addresses of that node's pods. */
  String podSubnet(String node);

  /** How those pods are reached by probes and hooks. */
  PodNetwork network(Vertx vertx);

  /** What asks its containers how they are. */
  default Prober prober(String node, PodRuntime measured, PodNetwork network) {
    return new RealProber(measured, network);
  }

  /** What is to lead traffic of services to its pods; empty if they have no network. */
  Optional<ServiceProxy> proxy();

  /** What is to hold its pods to network policies; empty if they have no network. */
  Optional<PolicyEnforcer> policies();

  /** What leads to other nodes' pods; empty if its own have no network. */
  Optional<HostRoutes> routes();

  /** For people. */
  String description();

  /** Ends the pods and what runs them. */
  @Override
  void close();

  /**
   * Brings up what was asked for.
   *
   * @throws StartFailure if that cannot be had
   */
  static NodeRuntime start(RuntimeWish wish, Progress progress) {
    if (wish.choice() == RuntimeChoice.SIMULATED) {
      return simulated(wish);
    }
    if (wish.containerd().isPresent()) {
      return GivenContainerd.at(wish.containerd().get(), wish);
    }
    ContainerdInstall install = ContainerdInstall.ofThisHost(progress::say);
    Optional<String> obstacle = install.obstacle(wish.install());
    if (obstacle.isPresent() && wish.choice() == RuntimeChoice.AUTO) {
      progress.say("NO REAL CONTAINERS: pods are simulated, because " + obstacle.get());
      return simulated(wish);
    }
    return OwnContainerd.up(wish, install, wish.install());
  }

  private static NodeRuntime simulated(RuntimeWish wish) {
    return new SimulatedNodes(wish.simulated(), wish.podSubnet(), wish.simulation());
  }
}
