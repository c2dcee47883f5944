/**
 * What the cluster is told of a pod: pure functions of the pod, what the runtime holds of it and
 * what its worker remembers.
 */
package dev.shiplog.agent.pod.status;
