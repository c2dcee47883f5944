/**
 * The contract between the pod lifecycle and what runs containers: {@link
 * dev.shiplog.agent.runtime.PodRuntime} and the records it takes and gives. Nothing here knows
 * containerd, CRI or the Kubernetes API; a runtime can be written from this package alone.
 */
package dev.shiplog.agent.runtime;
