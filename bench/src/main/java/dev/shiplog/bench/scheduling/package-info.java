/** How fast pods are decided on. Start {@link dev.shiplog.bench.scheduling.DecisionsReport}. */
package dev.shiplog.bench.scheduling;
