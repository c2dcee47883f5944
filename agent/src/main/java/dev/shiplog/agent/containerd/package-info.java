/**
 * The runtime that runs pods on containerd, through the Container Runtime Interface: {@link
 * dev.shiplog.agent.containerd.ContainerdRuntime}. Beside it, {@code host} finds, installs and runs
 * containerd itself, and {@code image} makes images without a registry.
 */
package dev.shiplog.agent.containerd;
