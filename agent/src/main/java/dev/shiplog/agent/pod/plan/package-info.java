/**
 * What is to be done next for a pod: pure functions of the pod, what the runtime holds of it, what
 * is remembered, and the time.
 */
package dev.shiplog.agent.pod.plan;
