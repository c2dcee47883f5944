/**
 * What a pod's containers find on the node's disk: volumes, hosts file, termination messages, logs.
 */
package dev.shiplog.agent.files;
