/** A thousand simulated nodes with their pods in one process. */
package dev.shiplog.bench.nodes;
