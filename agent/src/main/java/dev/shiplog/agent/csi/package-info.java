/**
 * Volumes of storage drivers: how a driver makes itself known to the node, and how its volumes come
 * to pods and go again.
 */
package dev.shiplog.agent.csi;
