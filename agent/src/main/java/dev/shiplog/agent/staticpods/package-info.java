/**
 * Pods that a node runs because a file in one of its directories says so, whether the cluster can
 * be reached or not. The cluster is shown a mirror of each.
 */
package dev.shiplog.agent.staticpods;
