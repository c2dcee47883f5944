package dev.shiplog.standalone;

import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.pod.ShutdownPeriods;
import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.standalone.log.LogFormat;
import io.fabric8.kubernetes.api.model.Taint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code join} was asked for, checked.
 *
 * @param data where the node keeps everything it has
 * @param server an API server of the cluster
 * @param token the bootstrap token; needed until the node has a certificate
 * @param caHash {@code sha256:HEX} of the public key of the cluster's authority
 * @param caFile or the authority's certificate
 * @param name of the node; empty for the machine's
 * @param address at which the API server reaches the node; empty for the one that leads there
 * @param port where the node serves logs and streams
 * @param runtime what runs its pods
 * @param simulation how its containers behave if they are simulated
 * @param podSubnet addresses of its pods
 * @param containerd socket of a containerd that already runs; empty to run our own
 * @param install whether missing Debian packages may be installed
 * @param kafka bootstrap servers; empty for what the cluster says
 * @param kafkaConfig file with further Kafka client properties
 * @param labels further labels
 * @param taints set when it registers for the first time
 * @param shutdown how long its pods have when it is told to stop
 * @param eviction when pods are ended for want of something
 * @param logFormat how its log file is written
 */
public record JoinOptions(
    DataDirectory data,
    ListenAddress server,
    Optional<String> token,
    Optional<String> caHash,
    Optional<Path> caFile,
    Optional<String> name,
    Optional<String> address,
    int port,
    UpOptions.RuntimeChoice runtime,
    Simulation simulation,
    Optional<String> podSubnet,
    Optional<Path> containerd,
    boolean install,
    Optional<String> kafka,
    Optional<Path> kafkaConfig,
    Map<String, String> labels,
    List<Taint> taints,
    ShutdownPeriods shutdown,
    EvictionRules eviction,
    LogFormat logFormat) {

  private static final int SIMULATED_FROM = 128;

  String node() {
    return name.orElseGet(HostName::asNodeName);
  }

  Path authority() {
    return data.pki().resolve("ca.crt");
  }

  RuntimeWish runtimeWish() {
    return new RuntimeWish(
        runtime,
        data,
        node(),
        List.of(node()),
        simulation,
        podSubnet.or(() -> Optional.of(simulatedSubnet())),
        containerd,
        install);
  }

  /** Nothing is routed to simulated pods, so it does little harm if two nodes choose the same. */
  private String simulatedSubnet() {
    int hash = node().hashCode() & 0x7fff;
    return "10." + (SIMULATED_FROM + hash / 256) + "." + hash % 256 + ".0/24";
  }

  /** The token stays out of logs. */
  @Override
  public String toString() {
    return "JoinOptions[" + node() + " to " + server + "]";
  }
}
