/**
 * From a pod's spec to what a runtime is told: environment, commands, resources, rights, names. No
 * state, no threads; what is missing or wrong is a {@link
 * dev.shiplog.agent.container.PodConfigException}.
 */
package dev.shiplog.agent.container;
