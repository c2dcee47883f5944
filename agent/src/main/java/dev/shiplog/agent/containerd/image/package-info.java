/**
 * Images without a registry: made from files of this machine, written as archives that {@code
 * docker load} and containerd take, and imported.
 */
package dev.shiplog.agent.containerd.image;
