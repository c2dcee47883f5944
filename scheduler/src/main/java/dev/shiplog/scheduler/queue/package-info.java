/**
 * Which pod is next: pods ready to be scheduled in order of priority, pods backing off after a
 * failure, and pods that wait for the cluster to change.
 */
package dev.shiplog.scheduler.queue;
