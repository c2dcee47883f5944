/**
 * Goes through decisions again: builds the cluster as the scheduler saw it from objects of the
 * past, and asks every plugin about every node.
 */
package dev.shiplog.scheduler.explain;
