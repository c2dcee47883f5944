package dev.shiplog.standalone;

import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.node.NodeSettings.ClusterDns;
import dev.shiplog.agent.pod.ShutdownPeriods;
import dev.shiplog.topics.catalogue.TopicNames;
import io.fabric8.kubernetes.api.model.Taint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The place of this process' nodes in their cluster.
 *
 * @param data where they keep what they have
 * @param topics names of the cluster's topics
 * @param assignmentPartitions partitions of the assignments topic
 * @param address at which others reach them
 * @param listen where their server listens
 * @param localApi port of an API server on loopback, which pods have to be led to; empty if they
 *     reach it by themselves
 * @param gateway this machine's address in its pods' network
 * @param dns what pods ask for names
 * @param labels further labels
 * @param taints set when a node registers for the first time
 * @param shutdown how long pods have when the node is told to stop
 * @param eviction when pods are ended for want of something
 */
record NodePlan(
    DataDirectory data,
    TopicNames topics,
    int assignmentPartitions,
    String address,
    InetSocketAddress listen,
    OptionalInt localApi,
    String gateway,
    ClusterDns dns,
    Map<String, String> labels,
    List<Taint> taints,
    ShutdownPeriods shutdown,
    EvictionRules eviction) {}
