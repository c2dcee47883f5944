/**
 * Everything in one process: embedded Kafka, API server, controllers, scheduler and nodes. {@link
 * dev.shiplog.standalone.ShiplogMain} is the way in, {@link dev.shiplog.standalone.Cluster} the
 * order in which the parts come up and go down.
 */
package dev.shiplog.standalone;
