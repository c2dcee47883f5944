package dev.shiplog.standalone;

import dev.shiplog.agent.containerd.host.ContainerdException;
import dev.shiplog.agent.containerd.host.ContainerdHost;
import dev.shiplog.agent.containerd.host.ContainerdInstall;
import dev.shiplog.agent.files.DirectoryPodFiles;
import dev.shiplog.agent.policy.PolicyEnforcer;
import dev.shiplog.agent.policy.PolicySettings;
import dev.shiplog.agent.proxy.ServiceProxy;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.VertxPodNetwork;
import dev.shiplog.agent.routes.HostRoutes;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.simulated.Simulation;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A containerd of this data directory's own. A process that is killed leaves it and its pods
 * running, for the next one to go on with; one that stops takes them along.
 */
record OwnContainerd(String node, String subnet, Path files, ContainerdHost host)
    implements NodeRuntime {

  private static final Duration GRACE = Duration.ofSeconds(5);

  static OwnContainerd up(RuntimeWish wish, ContainerdInstall install, boolean mayInstall) {
    String node = wish.host();
    var network =
        new dev.shiplog.agent.containerd.host.PodNetwork(wish.hostSubnet(), ClusterNetwork.PODS);
    try {
      var wanted = new ContainerdHost.Options(wish.data().containerd(), node, network, mayInstall);
      return new OwnContainerd(
          node, wish.hostSubnet(), wish.data().node(node), ContainerdHost.up(wanted, install));
    } catch (ContainerdException e) {
      throw new StartFailure(e.getMessage());
    }
  }

  /**
   * Ends what a killed process left running: pods, containerd, rules of services.
   *
   * @return whether there was something
   */
  static boolean endLeftOver(DataDirectory data) {
    if (!ContainerdHost.isRunning(data.containerd())) {
      return false;
    }
    RuntimeWish wish =
        new RuntimeWish(
            UpOptions.RuntimeChoice.CONTAINERD,
            data,
            HostName.asNodeName(),
            List.of(),
            Simulation.PLAIN,
            Optional.empty(),
            Optional.empty(),
            false);
    OwnContainerd left = up(wish, ContainerdInstall.ofThisHost(_ -> {}), false);
    try (ServiceProxy proxy = left.serviceProxy();
        PolicyEnforcer enforcer = left.enforcer()) {
      proxy.start();
      enforcer.start();
    } finally {
      left.close();
      PodGateway.open(PodGateway.ADDRESS).close();
    }
    return true;
  }

  @Override
  public List<String> names() {
    return List.of(node);
  }

  @Override
  public PodRuntime of(String ignored) {
    return host.runtime();
  }

  @Override
  public String podSubnet(String ignored) {
    return subnet;
  }

  @Override
  public PodNetwork network(Vertx vertx) {
    return new VertxPodNetwork(vertx);
  }

  @Override
  public Optional<ServiceProxy> proxy() {
    return Optional.of(serviceProxy());
  }

  @Override
  public Optional<PolicyEnforcer> policies() {
    return Optional.of(enforcer());
  }

  private PolicyEnforcer enforcer() {
    return PolicyEnforcer.onThisHost(
        new PolicySettings(node, subnet, PolicySettings.DEFAULT_TABLE), host.programs().nft());
  }

  @Override
  public Optional<HostRoutes> routes() {
    return Optional.of(new HostRoutes(List.of(host.programs().ip().toString())));
  }

  @Override
  public String description() {
    return "containerd";
  }

  @Override
  public void close() {
    host.shutDown(GRACE);
    DirectoryPodFiles.freeMemory(files);
  }

  private ServiceProxy serviceProxy() {
    return ServiceProxy.onThisHost(
        ClusterNetwork.proxied(node), host.programs().nft(), host.programs().ip());
  }
}
