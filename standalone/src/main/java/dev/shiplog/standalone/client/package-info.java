/**
 * How commands speak with a cluster: through its API, with a kubeconfig, as kubectl does. It may be
 * any Shiplog cluster, wherever it runs.
 */
package dev.shiplog.standalone.client;
