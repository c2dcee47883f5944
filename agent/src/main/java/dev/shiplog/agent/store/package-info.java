/** Reading the cluster's objects from their store topics, as they are and as they change. */
package dev.shiplog.agent.store;
