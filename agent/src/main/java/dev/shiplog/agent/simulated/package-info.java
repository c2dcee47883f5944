/**
 * Nodes without containers: the same pod lifecycle, for tests of operators and for scale. Pods say
 * by annotations how their containers behave; see {@link dev.shiplog.agent.simulated.Behaviour}.
 */
package dev.shiplog.agent.simulated;
