/** Doubles of the agent's interfaces, written by hand, for the tests of whoever uses them. */
package dev.shiplog.agent.testing;
