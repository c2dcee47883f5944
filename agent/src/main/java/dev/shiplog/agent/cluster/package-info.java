/** What the agent asks of the API server, and how it reaches it with its node's identity. */
package dev.shiplog.agent.cluster;
