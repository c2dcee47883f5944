/**
 * Checks from the log alone, after the fact, that what the scheduler promises was kept. Knows
 * nothing of the scheduler's model of the cluster: of that code only the readers of objects.
 */
package dev.shiplog.scheduler.check;
