/**
 * What the scheduler knows of the cluster, kept up to date change by change: nodes with what is
 * placed on them, pods, and the selectors of their workloads.
 *
 * <p>Values ({@link dev.shiplog.scheduler.model.Pod}, {@link dev.shiplog.scheduler.model.Node} and
 * what they hold) are immutable and hold only what scheduling reads. {@link
 * dev.shiplog.scheduler.model.Cluster} and what it hands out are mutable and belong to the one
 * thread that schedules.
 */
package dev.shiplog.scheduler.model;
