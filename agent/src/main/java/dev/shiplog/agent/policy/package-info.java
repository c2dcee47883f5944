/**
 * Network policies: who may talk to the pods of this node, and to whom they may. Data flows one
 * way: topics → {@link dev.shiplog.agent.policy.PolicyView} → {@link
 * dev.shiplog.agent.policy.PodIsolation} → the packet filter's table, and all but the ends is pure.
 *
 * <p>Packets are judged where this machine forwards them: what it sends itself, such as probes, is
 * always let in, as Kubernetes promises for a pod's own node.
 */
package dev.shiplog.agent.policy;
