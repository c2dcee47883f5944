/**
 * The way to pods on other machines: the nodes' store topic → {@link
 * dev.shiplog.agent.routes.PodRoutes} → {@link dev.shiplog.agent.routes.HostRoutes} → the kernel.
 */
package dev.shiplog.agent.routes;
