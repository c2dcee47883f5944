package dev.shiplog.agent.node;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node is told about itself.
 *
 * @param name its name in the cluster
 * @param addresses as its status shows them; the first InternalIP is its pods' hostIP
 * @param port where its logs are served
 * @param dataDirectory where the agent keeps what belongs to pods; nobody else writes there
 * @param podLogsDirectory where container logs lie
 * @param capacity {@code cpu}, {@code memory}, {@code pods}, {@code ephemeral-storage}
 * @param reserved how much of the capacity is not for pods
 * @param labels added to the well-known ones
 * @param taints set when the node registers for the first time
 * @param podCidr addresses of its pods; empty if somebody else gives it
 * @param dns what pods ask for names
 */
public record NodeSettings(
    String name,
    List<NodeAddress> addresses,
    int port,
    Path dataDirectory,
    Path podLogsDirectory,
    Map<String, Quantity> capacity,
    Map<String, Quantity> reserved,
    Map<String, String> labels,
    List<Taint> taints,
    String podCidr,
    ClusterDns dns) {

  public static final String INTERNAL_IP = "InternalIP";

  public NodeSettings {
    addresses = List.copyOf(addresses);
    capacity = Map.copyOf(capacity);
    reserved = Map.copyOf(reserved);
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /**
   * The cluster's name service.
   *
   * @param servers empty where the cluster has none: pods then ask the host's
   * @param domain for example {@code cluster.local}
   */
  public record ClusterDns(List<String> servers, String domain) {

    public static final ClusterDns NONE = new ClusterDns(List.of(), "cluster.local");

    public ClusterDns {
      servers = List.copyOf(servers);
    }
  }

  /** What of the capacity pods may ask for. */
  public Map<String, Quantity> allocatable() {
    Map<String, Quantity> allocatable = new LinkedHashMap<>(capacity);
    reserved.forEach(
        (name, kept) -> allocatable.computeIfPresent(name, (n, all) -> less(all, kept)));
    return allocatable;
  }

  private static Quantity less(Quantity all, Quantity kept) {
    BigDecimal rest = all.getNumericalAmount().subtract(kept.getNumericalAmount());
    return Quantity.fromNumericalAmount(rest.max(BigDecimal.ZERO), all.getFormat());
  }

  /**
   * The labels that the node gives itself.
   *
   * @param architecture as Kubernetes names it
   */
  public Map<String, String> ownLabels(String architecture) {
    Map<String, String> own = new HashMap<>();
    for (String prefix : List.of("kubernetes.io/", "beta.kubernetes.io/")) {
      own.put(prefix + "os", "linux");
      own.put(prefix + "arch", architecture);
    }
    own.put("kubernetes.io/hostname", name);
    own.putAll(labels);
    return own;
  }

  /** Addresses of the host, the main one first. */
  public List<String> hostIps() {
    return addresses.stream()
        .filter(address -> INTERNAL_IP.equals(address.getType()))
        .map(NodeAddress::getAddress)
        .toList();
  }
}
