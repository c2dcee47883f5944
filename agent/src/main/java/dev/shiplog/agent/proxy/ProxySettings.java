package dev.shiplog.agent.proxy;

/**
 * What a proxy is for.
 *
 * @param nodeName the node it runs on
 * @param clusterSubnet addresses of all pods, for example {@code 10.244.0.0/16}
 * @param serviceSubnet addresses of all services, for example {@code 10.96.0.0/12}
 * @param table name of its table in the packet filter; each proxy in a network namespace needs one
 *     of its own
 */
public record ProxySettings(
    String nodeName, String clusterSubnet, String serviceSubnet, String table) {

  public static final String DEFAULT_TABLE = "shiplog-services";

  public ProxySettings {
    if (!table.matches("[a-z][a-z0-9_.-]*")) {
      throw new IllegalArgumentException("not a table name: \"" + table + "\"");
    }
  }
}
