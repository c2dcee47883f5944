package dev.shiplog.standalone;

import dev.shiplog.agent.containerd.host.ContainerdException;
import dev.shiplog.agent.containerd.host.ContainerdHost;
import dev.shiplog.agent.containerd.host.ContainerdInstall;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.reach.VertxPodNetwork;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.simulated.SimulatedPodNetwork;
import dev.shiplog.agent.simulated.SimulatedRuntime;
import dev.shiplog.agent.time.SystemTimers;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What runs the pods of this process' nodes. Used by one thread. */
sealed interface NodeRuntime extends AutoCloseable {

  /** Names of the nodes it is for. */
  List<String> names();

  /** The runtime of one of them. */
  PodRuntime of(String node);

  /** Addresses of that node's pods. */
  String podSubnet(String node);

  /** How those pods are reached by probes and hooks. */
  PodNetwork network(Vertx vertx);

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
  static NodeRuntime start(UpOptions options, Progress progress) {
    if (options.runtime() == RuntimeChoice.SIMULATED) {
      return new Simulated(options.nodes());
    }
    ContainerdInstall install = ContainerdInstall.ofThisHost(progress::say);
    Optional<String> obstacle = install.obstacle(options.install());
    if (obstacle.isPresent() && options.runtime() == RuntimeChoice.AUTO) {
      progress.say("NO REAL CONTAINERS: pods are simulated, because " + obstacle.get());
      return new Simulated(options.nodes());
    }
    return Containerd.up(options, install);
  }

  /** A containerd of our own. */
  record Containerd(String node, ContainerdHost host) implements NodeRuntime {

    private static final dev.shiplog.agent.containerd.host.PodNetwork NETWORK =
        new dev.shiplog.agent.containerd.host.PodNetwork("10.244.0.0/24", "10.244.0.0/16");
    private static final Duration GRACE = Duration.ofSeconds(5);

    static Containerd up(UpOptions options, ContainerdInstall install) {
      String node = hostName();
      try {
        ContainerdHost.Options wanted =
            new ContainerdHost.Options(
                options.data().containerd(), node, NETWORK, options.install());
        return new Containerd(node, ContainerdHost.up(wanted, install));
      } catch (ContainerdException e) {
        throw new StartFailure(e.getMessage());
      }
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
      return NETWORK.subnet();
    }

    @Override
    public PodNetwork network(Vertx vertx) {
      return new VertxPodNetwork(vertx);
    }

    @Override
    public String description() {
      return "containerd";
    }

    @Override
    public void close() {
      host.shutDown(GRACE);
    }

    /** A node is named by its host, in the form Kubernetes takes for names. */
    private static String hostName() {
      try {
        String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        String fit = name.replaceAll("[^a-z0-9.-]", "-").replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
        return fit.isEmpty() ? "node-1" : fit;
      } catch (UnknownHostException e) {
        return "node-1";
      }
    }
  }

  /** Pods without containers. */
  record Simulated(List<String> names, SystemTimers timers, List<PodRuntime> runtimes)
      implements NodeRuntime {

    Simulated(int count) {
      this(
          IntStream.rangeClosed(1, count).mapToObj(i -> "node-" + i).toList(),
          new SystemTimers(),
          new java.util.ArrayList<>());
      names.forEach(name ->
          runtimes.add(new SimulatedRuntime(timers, new SplittableRandom(), podSubnet(name))));
    }

    @Override
    public PodRuntime of(String node) {
      return runtimes.get(names.indexOf(node));
    }

    /** A /24 of 10.128.0.0/9 each: room for 32,768 nodes. */
    @Override
    public String podSubnet(String node) {
      int index = names.indexOf(node);
      return "10." + (128 + index / 256) + "." + index % 256 + ".0/24";
    }

    @Override
    public PodNetwork network(Vertx vertx) {
      return new SimulatedPodNetwork();
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
}
