/** Container logs in CRI's format: reading, following, rotating. */
package dev.shiplog.agent.logs;
