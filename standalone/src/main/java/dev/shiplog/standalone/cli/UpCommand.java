package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.Cluster;
import dev.shiplog.standalone.DataDirectory;
import dev.shiplog.standalone.Detached;
import dev.shiplog.standalone.ListenAddress;
import dev.shiplog.standalone.UpOptions;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import dev.shiplog.standalone.Without;
import dev.shiplog.standalone.log.LogFormat;
import dev.shiplog.standalone.tracing.TraceExport;
import dev.shiplog.topics.catalogue.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings up a cluster in this process, or with {@code --detach} in one of its own. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Bring up a cluster: Kafka, API server, controllers, scheduler and a node.")
final class UpCommand implements Callable<Integer> {

  @Mixin private DataDirectoryOption data;

  @Option(
      names = "--port",
      defaultValue = "${env:SHIPLOG_PORT:-6443}",
      description = "Port of the API server. Default: $SHIPLOG_PORT, else 6443")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address the API server listens on. Default: ${DEFAULT-VALUE}")
  private String bind;

  @Option(
      names = "--advertise",
      paramLabel = "ADDRESS",
      description = {
        "Address at which other API servers on the same --kafka, and pods, reach this one.",
        "Default: --bind, or where that is 0.0.0.0 the machine's name"
      })
  private String advertise;

  @Option(
      names = "--pki",
      paramLabel = "DIR",
      description = {
        "Where the cluster's authority (ca.crt, ca.key) and its key for service accounts (sa.key)",
        "are kept. All API servers on one --kafka need the same ones: give them the directory of",
        "the first, or a copy. Default: 'pki' in the data directory"
      })
  private Path pki;

  @Option(
      names = "--kubeconfig",
      paramLabel = "PATH",
      description = "Where to write the kubeconfig. Default: 'kubeconfig' in the data directory")
  private Path kubeconfig;

  @Option(
      names = "--kafka",
      paramLabel = "BOOTSTRAP",
      description = "Use this Kafka (host:port,…) instead of an embedded one.")
  private String kafka;

  @Mixin private KafkaPropertiesOption kafkaProperties;

  @Option(
      names = "--kafka-listen",
      paramLabel = "HOST:PORT",
      description = {
        "Let nodes on other machines ('./shiplog join') read the embedded Kafka there, by TLS and",
        "with their certificates. Needs a --bind that they reach too. Default: they cannot"
      })
  private String kafkaListen;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = TopicNames.DEFAULT_PREFIX,
      description = "First part of every topic's name. Default: ${DEFAULT-VALUE}")
  private String prefix;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "3",
      description = "Replication factor of topics made on --kafka. Default: ${DEFAULT-VALUE}")
  private int replication;

  @Option(
      names = "--history",
      paramLabel = "HOURS",
      defaultValue = "24",
      description = {
        "How many hours of changes are kept, for watches and lists that start in the past.",
        "Default: ${DEFAULT-VALUE}"
      })
  private int history;

  @Option(
      names = "--runtime",
      defaultValue = "${env:SHIPLOG_RUNTIME:-auto}",
      description = {
        "auto, containerd or simulated. auto takes containerd where it is or can be",
        "installed, else pods are simulated. Default: $SHIPLOG_RUNTIME, else auto"
      })
  private RuntimeChoice runtime;

  @Option(
      names = "--containerd",
      paramLabel = "SOCKET",
      description = "Use the containerd at this socket instead of running one.")
  private Path containerd;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many simulated nodes. Default: ${DEFAULT-VALUE}")
  private int nodes;

  @Option(
      names = "--scheduler-config",
      paramLabel = "FILE",
      description = "Configure the scheduler by a KubeSchedulerConfiguration.")
  private Path schedulerConfig;

  @Option(
      names = "--scheduler-plugins",
      paramLabel = "DIR",
      description = "Take further plugins of the scheduler from the jars in this directory.")
  private Path schedulerPlugins;

  @Option(
      names = "--without",
      paramLabel = "PARTS",
      description = {
        "Leave out controllers[=NAME,…], scheduler, agent (comma-separated),",
        "so that others can take their place."
      })
  private String without;

  @Option(names = "--no-install", description = "Never install Debian packages.")
  private boolean noInstall;

  @Option(
      names = "--detach",
      description = "Return as soon as the cluster is ready; it goes on in the background.")
  private boolean detach;

  @Mixin private SimulationOption simulation;

  @Mixin private ShutdownOptions shutdown;

  @Mixin private EvictionOptions eviction;

  @Mixin private AccessOptions access;

  @Mixin private EncryptionOptions encryption;

  @Mixin private LogFormatOption log;

  @Mixin private TracingOptions tracing;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    UpOptions options = options();
    if (detach) {
      return Detached.up(
          options.data(), spec.commandLine().getParent().getParseResult().originalArgs());
    }
    try (TraceExport _ = tracing.start()) {
      return Cluster.run(options);
    }
  }

  private UpOptions options() {
    DataDirectory directory = data.directory();
    check(port > 0 && port < 65536, "--port must be between 1 and 65535, not " + port);
    check(history > 0, "--history must be at least 1 hour, not " + history);
    check(nodes > 0, "--nodes must be at least 1, not " + nodes);
    check(
        nodes == 1 || runtime == RuntimeChoice.SIMULATED,
        "--nodes " + nodes + " needs --runtime simulated: one machine is one containerd node");
    check(
        containerd == null || runtime != RuntimeChoice.SIMULATED,
        "--containerd and --runtime simulated exclude each other");
    check(
        kafkaListen == null || kafka == null,
        "--kafka-listen is for the embedded Kafka; with --kafka nodes read that one");
    return new UpOptions(
        directory,
        bind,
        port,
        Optional.ofNullable(advertise),
        pki == null ? directory.pki() : pki.toAbsolutePath(),
        Optional.ofNullable(kafka),
        kafkaProperties.read(),
        Optional.ofNullable(kafkaListen).map(listen -> checked(() -> ListenAddress.parse(listen))),
        checked(() -> new TopicNames(prefix)).prefix(),
        kafka == null ? 1 : replication,
        Duration.ofHours(history),
        runtime,
        nodes,
        simulation.read(runtime),
        without == null ? Without.NOTHING : checked(() -> Without.parse(without)),
        !noInstall,
        kubeconfig == null ? directory.kubeconfig() : kubeconfig.toAbsolutePath(),
        Optional.ofNullable(containerd),
        Optional.ofNullable(schedulerConfig),
        Optional.ofNullable(schedulerPlugins),
        shutdown.periods(),
        eviction.rules(),
        apiSettings());
  }

  private Map<String, String> apiSettings() {
    Map<String, String> settings = new LinkedHashMap<>(access.settings());
    settings.putAll(encryption.settings());
    settings.put("quarkus.log.file.json.enabled", "" + (log.format() == LogFormat.JSON));
    return settings;
  }

  private <T> T checked(java.util.function.Supplier<T> parsed) {
    try {
      return parsed.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
