/**
 * The cluster's name service: names of Services and pods from the topics, all others from the
 * host's name servers. Data flows one way: sockets, {@code NameService}, {@code ClusterZone}.
 */
package dev.shiplog.agent.dns;
