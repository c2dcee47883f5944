package dev.shiplog.standalone;

import dev.shiplog.agent.containerd.ContainerdRuntime;
import dev.shiplog.agent.containerd.host.ExistingContainerd;
import dev.shiplog.agent.host.ProgramPath;
import dev.shiplog.agent.policy.PolicyEnforcer;
import dev.shiplog.agent.policy.PolicySettings;
import dev.shiplog.agent.proxy.ServiceProxy;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.VertxPodNetwork;
import dev.shiplog.agent.routes.HostRoutes;
import dev.shiplog.agent.runtime.PodRuntime;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A containerd that somebody else runs and set up, network plug-ins included. What is not ours is
 * left alone: only our own pods are stopped at the end.
 */
record GivenContainerd(String node, String subnet, Path socket, ContainerdRuntime runtime)
    implements NodeRuntime {

  private static final Duration GRACE = Duration.ofSeconds(5);

  static GivenContainerd at(Path socket, RuntimeWish wish) {
    ExistingContainerd.obstacle(socket)
        .ifPresent(why -> {
          throw new StartFailure("--containerd: " + why);
        });
    String node = wish.host();
    return new GivenContainerd(node, wish.hostSubnet(), socket, ContainerdRuntime.on(socket, node));
  }

  @Override
  public List<String> names() {
    return List.of(node);
  }

  @Override
  public PodRuntime of(String ignored) {
    return runtime;
  }

  /** What is usual; which addresses pods really get is up to the owner's network plug-ins. */
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
    ProgramPath programs = ProgramPath.ofThisHost();
    Path nft = programs.find("nft").orElseThrow(() -> missing("nft"));
    Path ip = programs.find("ip").orElseThrow(() -> missing("ip"));
    return Optional.of(ServiceProxy.onThisHost(ClusterNetwork.proxied(node), nft, ip));
  }

  @Override
  public Optional<PolicyEnforcer> policies() {
    Path nft = ProgramPath.ofThisHost().find("nft").orElseThrow(() -> missing("nft"));
    return Optional.of(
        PolicyEnforcer.onThisHost(new PolicySettings(node, "", PolicySettings.DEFAULT_TABLE), nft));
  }

  /** Its owner's network plug-ins see to that. */
  @Override
  public Optional<HostRoutes> routes() {
    return Optional.empty();
  }

  @Override
  public String description() {
    return "containerd at " + socket;
  }

  @Override
  public void close() {
    try {
      runtime.stopPods(GRACE);
    } finally {
      runtime.close();
    }
  }

  private static StartFailure missing(String program) {
    return new StartFailure(
        "services need the program " + program + "; install nftables and iproute2");
  }
}
