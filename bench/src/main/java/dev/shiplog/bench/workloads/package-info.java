/** How fast the controllers of the whole product bring about what is asked for. */
package dev.shiplog.bench.workloads;
