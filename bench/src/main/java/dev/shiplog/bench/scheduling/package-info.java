/** How fast pods are decided on. Start {@link dev.shiplog.bench.scheduling.SchedulingBench}. */
package dev.shiplog.bench.scheduling;
