/**
 * Cluster state in memory: immutable snapshots that share their structure, the recent events of
 * each resource, and the encoded objects both are made of. Written by the journal's loop alone,
 * read by any thread without a lock.
 */
package dev.shiplog.api.view;
