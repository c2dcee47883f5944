package dev.shiplog.standalone.apart;

import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.pod.ShutdownPeriods;
import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.JoinOptions;
import dev.shiplog.standalone.JoinedNode;
import dev.shiplog.standalone.ListenAddress;
import dev.shiplog.standalone.Progress;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node: joins the cluster, and runs what it is given. */
final class NodePart implements Part {

  private enum State {
    JOINING("joining"),
    RUNNING("running pods"),
    LEAVING("leaving");

    private final String words;

    State(String words) {
      this.words = words;
    }
  }

  private final JoinOptions options;
  private AutoCloseable directory;
  private volatile JoinedNode node;
  private volatile State state = State.JOINING;

  private NodePart(JoinOptions options) {
    this.options = options;
  }

  static NodePart of(Settings settings) {
    AgentConfig config = settings.get(AgentConfig.class);
    String server =
        config
            .server()
            .orElseThrow(() ->
                new StartFailure(
                    "shiplog.agent.server is not set: say where an API server is, HOST:PORT"));
    if (config.podSubnet().isEmpty() && config.runtime() != RuntimeChoice.SIMULATED) {
      throw new StartFailure(
          "shiplog.agent.pod-subnet is not set, and containers need it; or set"
              + " shiplog.agent.runtime to simulated");
    }
    return new NodePart(options(settings, config, server));
  }

  private static JoinOptions options(Settings settings, AgentConfig config, String server) {
    try {
      return new JoinOptions(
          new DataDirectory(config.dataDir().toAbsolutePath()),
          ListenAddress.parse(server),
          config.token().or(() -> config.tokenFile().map(NodePart::text)),
          config.caHash(),
          config.caFile(),
          config.name(),
          config.address(),
          config.port(),
          config.runtime(),
          simulation(config),
          config.podSubnet(),
          config.containerd(),
          false,
          config.kafka(),
          config.kafkaPropertiesFile(),
          config.labels(),
          List.of(),
          shutdown(config),
          eviction(config),
          settings.get(LogConfig.class).format());
    } catch (IllegalArgumentException e) {
      throw new StartFailure("shiplog.agent.server: " + e.getMessage());
    }
  }

  private static Simulation simulation(AgentConfig config) {
    try {
      return config.simulation().map(Simulation::read).orElse(Simulation.PLAIN);
    } catch (IllegalArgumentException e) {
      throw new StartFailure("shiplog.agent.simulation: " + e.getMessage());
    }
  }

  private static ShutdownPeriods shutdown(AgentConfig config) {
    try {
      return config
          .shutdownGracePeriodByPodPriority()
          .map(ShutdownPeriods::parse)
          .orElseGet(() ->
              ShutdownPeriods.of(
                  config.shutdownGracePeriod(), config.shutdownGracePeriodCriticalPods()));
    } catch (IllegalArgumentException e) {
      throw new StartFailure("shiplog.agent.shutdown-grace-period…: " + e.getMessage());
    }
  }

  private static EvictionRules eviction(AgentConfig config) {
    try {
      EvictionRules rules =
          EvictionRules.DEFAULTS.telling(config.evictionPressureTransitionPeriod());
      return config.evictionHard().map(rules::endingBelow).orElse(rules);
    } catch (IllegalArgumentException e) {
      throw new StartFailure("shiplog.agent.eviction-…: " + e.getMessage());
    }
  }

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public synchronized void start() {
    directory = options.data().take();
    node = JoinedNode.start(options, new Progress(System.out, System::nanoTime));
    state = State.RUNNING;
  }

  /** What cannot go on ends the process by itself; what hangs does not. */
  @Override
  public boolean isDead() {
    JoinedNode running = node;
    return running != null && !running.isTurning();
  }

  @Override
  public boolean isReady() {
    JoinedNode running = node;
    return state == State.RUNNING && running != null && running.hasCaughtUp();
  }

  @Override
  public String doing() {
    return state.words;
  }

  @Override
  public synchronized void close() {
    state = State.LEAVING;
    if (node != null) {
      node.close();
    }
    if (directory != null) {
      try {
        directory.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartFailure("cannot read " + file + ": " + StartFailure.describe(e));
    }
  }
}
