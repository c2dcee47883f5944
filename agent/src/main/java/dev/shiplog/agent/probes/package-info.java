/** Whether running containers are started, alive and ready, by asking them again and again. */
package dev.shiplog.agent.probes;
