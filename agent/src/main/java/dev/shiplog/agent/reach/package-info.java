/** How the agent reaches into pods: requests over the network and commands in containers. */
package dev.shiplog.agent.reach;
