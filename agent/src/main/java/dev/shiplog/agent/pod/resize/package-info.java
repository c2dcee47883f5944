/**
 * What a node has and its pods share: what a pod takes when it comes, what it wants while it runs,
 * what the node has granted it, and what its containers really have.
 */
package dev.shiplog.agent.pod.resize;
