/** Where a process tells its part of traces. */
package dev.shiplog.standalone.tracing;
