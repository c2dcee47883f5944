package dev.shiplog.standalone;

import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.pod.ShutdownPeriods;
import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What {@code up} was asked for, checked.
 *
 * @param data where everything is kept
 * @param bind address the API server listens on
 * @param port its port
 * @param advertise address at which other API servers and pods reach it, if that is not plain
 * @param authority directory of the keys that all API servers of a cluster share
 * @param kafka bootstrap servers of an existing Kafka; empty to embed a broker
 * @param kafkaProperties client properties for it, for TLS and SASL above all
 * @param kafkaListen where nodes on other machines reach the embedded broker; empty if they do not
 * @param prefix prefix of all topic names
 * @param replication replication factor of the topics on an existing Kafka
 * @param history how long the journal is kept
 * @param runtime which container runtime
 * @param nodes how many simulated nodes
 * @param simulation how containers of simulated nodes behave
 * @param without what to leave out
 * @param install whether missing Debian packages may be installed
 * @param kubeconfig where the kubeconfig is written
 * @param containerd socket of a containerd that already runs; empty to run our own
 * @param schedulerConfig file with the configuration of the scheduler; empty for the defaults
 * @param schedulerPlugins directory with jars of further plugins for it
 * @param shutdown how long pods have when the process is told to stop
 * @param eviction when pods are ended for want of something
 * @param apiSettings what goes to the API server as it is, by the setting's name
 */
public record UpOptions(
    DataDirectory data,
    String bind,
    int port,
    Optional<String> advertise,
    Path authority,
    Optional<String> kafka,
    Map<String, String> kafkaProperties,
    Optional<ListenAddress> kafkaListen,
    String prefix,
    int replication,
    Duration history,
    RuntimeChoice runtime,
    int nodes,
    Simulation simulation,
    Without without,
    boolean install,
    Path kubeconfig,
    Optional<Path> containerd,
    Optional<Path> schedulerConfig,
    Optional<Path> schedulerPlugins,
    ShutdownPeriods shutdown,
    EvictionRules eviction,
    Map<String, String> apiSettings) {

  /** Name of the setting for how many partitions assignments have, among {@code apiSettings}. */
  public static final String ASSIGNMENT_PARTITIONS = "shiplog.topics.assignment-partitions";

  /** Simulated containers start at once and run for ever. */
  public static final Simulation PLAIN = Simulation.PLAIN;

  /** Pods are left as they are when the process is told to stop. */
  public static final ShutdownPeriods LEAVE_PODS = ShutdownPeriods.NONE;

  /** Pods are ended for want of something as on a node that was told nothing. */
  public static final EvictionRules EVICT_AS_USUAL = EvictionRules.DEFAULTS;

  /** What runs a node's pods. */
  public enum RuntimeChoice {
    /** Containerd where it can be had, else simulated. */
    AUTO,
    CONTAINERD,
    SIMULATED
  }

  /** Where other API servers on the same Kafka, and nodes, reach this one. */
  String peerAddress() {
    return new ListenAddress(advertised(new ListenAddress(bind, port)), port).toString();
  }

  /** The host by which other machines reach what listens there. */
  String advertised(ListenAddress listen) {
    return advertise.orElseGet(() -> listen.isAnywhere() ? OwnName.find() : listen.host());
  }

  /** Partitions of the topic of assignments. */
  int assignmentPartitions() {
    String given = apiSettings.get(ASSIGNMENT_PARTITIONS);
    return given == null ? TopicCatalogue.DEFAULT_ASSIGNMENT_PARTITIONS : Integer.parseInt(given);
  }

  /** What is to run pods. */
  RuntimeWish runtimeWish() {
    return new RuntimeWish(
        runtime,
        data,
        HostName.asNodeName(),
        simulatedNames(),
        simulation,
        Optional.empty(),
        containerd,
        install);
  }

  /** Simulated nodes of several servers on one Kafka must not share names. */
  List<String> simulatedNames() {
    String first = kafka.isPresent() ? HostName.asNodeName() + "-" + port + "-" : "node-";
    return IntStream.rangeClosed(1, nodes).mapToObj(i -> first + i).toList();
  }

  public String server() {
    String host = bind.equals("0.0.0.0") ? "127.0.0.1" : bind;
    return "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
