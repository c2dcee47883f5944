/**
 * Changing what running pods may use: what a pod wants, what its node has granted it, and what its
 * containers really have.
 */
package dev.shiplog.agent.pod.resize;
