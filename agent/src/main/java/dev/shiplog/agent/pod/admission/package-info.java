/**
 * What a node asks of a pod before it takes it up, in the kubelet's words. Most pods were placed by
 * the scheduler and meet all of it; static pods, and those that somebody bound by hand or before
 * the node changed, may not.
 */
package dev.shiplog.agent.pod.admission;
