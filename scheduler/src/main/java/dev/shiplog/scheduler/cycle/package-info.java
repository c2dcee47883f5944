/**
 * Scheduling itself. {@link dev.shiplog.scheduler.cycle.SchedulingCycle} finds a node for one pod,
 * {@link dev.shiplog.scheduler.cycle.Scheduler} runs it over the queue and keeps account of the
 * bindings that are on their way.
 */
package dev.shiplog.scheduler.cycle;
