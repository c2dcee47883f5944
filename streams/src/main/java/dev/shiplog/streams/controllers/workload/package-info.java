/** What the controllers of workloads that own pods have in common. */
package dev.shiplog.streams.controllers.workload;
