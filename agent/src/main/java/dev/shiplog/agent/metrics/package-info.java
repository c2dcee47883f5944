/** What nodes count of their work, by the names of the kubelet. */
package dev.shiplog.agent.metrics;
