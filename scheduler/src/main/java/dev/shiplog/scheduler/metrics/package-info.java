/**
 * What the scheduler measures of itself, under the names that kube-scheduler's dashboards and
 * alerts know.
 */
package dev.shiplog.scheduler.metrics;
