/**
 * The plugins every cluster has, by the names and with the semantics of Kubernetes. Stateless: each
 * is one file, and {@link dev.shiplog.scheduler.plugins.DefaultProfile} lists them.
 */
package dev.shiplog.scheduler.plugins;
