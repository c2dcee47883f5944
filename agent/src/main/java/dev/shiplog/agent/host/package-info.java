/** The machine the agent runs on: its programs, and how they are run. */
package dev.shiplog.agent.host;
