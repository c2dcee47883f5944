/**
 * containerd on this machine: {@link dev.shiplog.agent.containerd.host.ContainerdHost} finds or
 * installs the programs, runs a containerd of Shiplog's own beside whatever else runs here, gives
 * its pods a network, and cleans up.
 */
package dev.shiplog.agent.containerd.host;
