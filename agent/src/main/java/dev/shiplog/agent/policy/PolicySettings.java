package dev.shiplog.agent.policy;

/**
 * What an enforcer is for.
 *
 * @param node name of the node it runs on
 * @param podSubnet addresses of this node's pods: one that the log does not tell of yet gets no
 *     traffic while any pod of the node is isolated. Empty where somebody else gives the addresses.
 * @param table name of its table in the packet filter
 */
public record PolicySettings(String node, String podSubnet, String table) {

  public static final String DEFAULT_TABLE = "shiplog-policies";
}
