package dev.shiplog.agent.proxy;

import java.util.List;

/**
 * What a proxy is for.
 *
 * @param nodeName the node it runs on
 * @param clusterSubnet addresses of all pods, for example {@code 10.244.0.0/16}
 * @param serviceSubnets addresses of all services and of load balancers, for example {@code
 *     10.96.0.0/12} and {@code 10.112.0.0/24}
 * @param table name of its table in the packet filter; each proxy in a network namespace needs one
 *     of its own
 */
public record ProxySettings(
    String nodeName, String clusterSubnet, List<String> serviceSubnets, String table) {

  public static final String DEFAULT_TABLE = "shiplog-services";

  public ProxySettings {
    serviceSubnets = List.copyOf(serviceSubnets);
    if (!table.matches("[a-z][a-z0-9_.-]*")) {
      throw new IllegalArgumentException("not a table name: \"" + table + "\"");
    }
  }
}
