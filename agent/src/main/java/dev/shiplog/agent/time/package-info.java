/** Time as the agent sees it, so that tests can own it. */
package dev.shiplog.agent.time;
