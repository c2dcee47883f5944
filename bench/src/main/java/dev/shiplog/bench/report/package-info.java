/** Runs all benchmarks against the product as users start it, and writes the table of results. */
package dev.shiplog.bench.report;
