package dev.shiplog.standalone;

import dev.shiplog.agent.policy.PolicyEnforcer;
import dev.shiplog.agent.probes.Prober;
import dev.shiplog.agent.proxy.ServiceProxy;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.routes.HostRoutes;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.simulated.SimulatedPodNetwork;
import dev.shiplog.agent.simulated.SimulatedProber;
import dev.shiplog.agent.simulated.SimulatedRuntime;
import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.agent.time.SystemTimers;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Nodes whose pods go through their whole life without containers. */
record SimulatedNodes(
    List<String> names,
    Optional<String> subnet,
    SystemTimers timers,
    List<SimulatedRuntime> runtimes)
    implements NodeRuntime {

  /** Nodes whose containers behave as the simulation says. */
  SimulatedNodes(List<String> names, Optional<String> subnet, Simulation simulation) {
    this(names, subnet, new SystemTimers(), new ArrayList<>());
    names.forEach(name ->
        runtimes.add(
            new SimulatedRuntime(timers, new SplittableRandom(), podSubnet(name), simulation)));
  }

  @Override
  public SimulatedRuntime of(String node) {
    return runtimes.get(names.indexOf(node));
  }

  /** A /24 of 10.128.0.0/9 each, unless one is given: room for 32,768 nodes. */
  @Override
  public String podSubnet(String node) {
    if (subnet.isPresent()) {
      return subnet.get();
    }
    int index = names.indexOf(node);
    return "10." + (128 + index / 256) + "." + index % 256 + ".0/24";
  }

  @Override
  public PodNetwork network(Vertx vertx) {
    return new SimulatedPodNetwork();
  }

  @Override
  public Prober prober(String node, PodRuntime measured, PodNetwork network) {
    return new SimulatedProber(of(node), NodeRuntime.super.prober(node, measured, network), timers);
  }

  @Override
  public Optional<ServiceProxy> proxy() {
    return Optional.empty();
  }

  @Override
  public Optional<PolicyEnforcer> policies() {
    return Optional.empty();
  }

  @Override
  public Optional<HostRoutes> routes() {
    return Optional.empty();
  }

  @Override
  public String description() {
    return "simulated";
  }

  @Override
  public void close() {
    timers.close();
  }
}
