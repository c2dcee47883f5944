/**
 * What the node and its pods use of processor and memory, as metrics and the autoscaler want it.
 */
package dev.shiplog.agent.usage;
