/** How long each part takes to be ready, and what it takes of a machine. */
package dev.shiplog.bench.starts;
