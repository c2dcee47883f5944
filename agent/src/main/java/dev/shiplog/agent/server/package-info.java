/**
 * What a node serves to the API server: the logs of its containers, its pods, its health. HTTPS,
 * and only for clients that show a certificate of the cluster's authority.
 */
package dev.shiplog.agent.server;
