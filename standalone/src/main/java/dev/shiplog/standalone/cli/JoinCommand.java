package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.Detached;
import dev.shiplog.standalone.Join;
import dev.shiplog.standalone.JoinOptions;
import dev.shiplog.standalone.ListenAddress;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import dev.shiplog.standalone.tracing.TraceExport;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes this machine a node of a cluster that runs elsewhere. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make this machine a node of a cluster. './shiplog token create' there prints the command.",
      "What the node needs is kept: started again, it needs neither token nor hash."
    })
final class JoinCommand implements Callable<Integer> {

  private static final Pattern TAINT =
      Pattern.compile("([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)");

  @Parameters(paramLabel = "HOST:PORT", description = "An API server of the cluster.")
  private String server;

  @Mixin private DataDirectoryOption data;

  @Option(names = "--token", paramLabel = "TOKEN", description = "The bootstrap token.")
  private String token;

  @Option(
      names = {"--ca-hash", "--discovery-token-ca-cert-hash"},
      paramLabel = "sha256:HEX",
      description = "Hash of the public key of the cluster's authority.")
  private String caHash;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "The authority's certificate, instead of its hash.")
  private Path caFile;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the node. Default: that of this machine")
  private String name;

  @Option(
      names = "--address",
      paramLabel = "IP",
      description = {
        "Address at which the API server reaches this node.",
        "Default: the one from which this machine reaches the API server"
      })
  private String address;

  @Option(
      names = "--port",
      defaultValue = "10250",
      description = "Port where logs and streams are served. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--runtime",
      defaultValue = "${env:SHIPLOG_RUNTIME:-auto}",
      description = "auto, containerd or simulated, as for 'up'.")
  private RuntimeChoice runtime;

  @Option(
      names = "--pod-subnet",
      paramLabel = "CIDR",
      description = {
        "Addresses of this node's pods, a /24 that no other node has. Needed for real containers",
        "(the node of 'up' has 10.244.0.0/24)"
      })
  private String podSubnet;

  @Option(
      names = "--containerd",
      paramLabel = "SOCKET",
      description = "Use the containerd at this socket instead of running one.")
  private Path containerd;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A further label. May be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--taint",
      paramLabel = "KEY=VALUE:EFFECT",
      description = "A taint, set when the node registers for the first time. May be repeated.")
  private List<String> taints = new ArrayList<>();

  @Mixin private SimulationOption simulation;

  @Mixin private ShutdownOptions shutdown;

  @Mixin private EvictionOptions eviction;

  @Option(
      names = "--kafka",
      paramLabel = "BOOTSTRAP",
      description = "The cluster's Kafka (host:port,…). Default: what the cluster says")
  private String kafka;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Further Kafka client properties, for TLS and SASL above all.")
  private Path kafkaConfig;

  @Mixin private LogFormatOption log;

  @Mixin private TracingOptions tracing;

  @Option(names = "--no-install", description = "Never install Debian packages.")
  private boolean noInstall;

  @Option(
      names = "--detach",
      description = "Return as soon as the node is there; it goes on in the background.")
  private boolean detach;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    JoinOptions options = options();
    if (detach) {
      return Detached.up(
          options.data(), spec.commandLine().getParent().getParseResult().originalArgs());
    }
    try (TraceExport _ = tracing.start()) {
      return Join.run(options);
    }
  }

  private JoinOptions options() {
    check(port > 0 && port < 65536, "--port must be between 1 and 65535, not " + port);
    check(caHash == null || caFile == null, "--ca-hash and --ca-file exclude each other");
    check(
        podSubnet == null || podSubnet.matches("\\d+\\.\\d+\\.\\d+\\.0/24"),
        "--pod-subnet must be a /24 such as 10.244.1.0/24, not " + podSubnet);
    check(
        podSubnet != null || runtime == RuntimeChoice.SIMULATED,
        "--pod-subnet is needed for real containers; or choose --runtime simulated");
    return new JoinOptions(
        data.directory(),
        parsed(server),
        Optional.ofNullable(token),
        Optional.ofNullable(caHash),
        Optional.ofNullable(caFile),
        Optional.ofNullable(name),
        Optional.ofNullable(address),
        port,
        runtime,
        simulation.read(runtime),
        Optional.ofNullable(podSubnet),
        Optional.ofNullable(containerd),
        !noInstall,
        Optional.ofNullable(kafka),
        Optional.ofNullable(kafkaConfig),
        Map.copyOf(labels),
        taints.stream().map(this::taint).toList(),
        shutdown.periods(),
        eviction.rules(),
        log.format());
  }

  private ListenAddress parsed(String text) {
    try {
      return ListenAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Taint taint(String text) {
    Matcher parts = TAINT.matcher(text);
    check(parts.matches(), "--taint must be KEY=VALUE:EFFECT, not " + text);
    return new TaintBuilder()
        .withKey(parts.group(1))
        .withValue(parts.group(2))
        .withEffect(parts.group(3))
        .build();
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
