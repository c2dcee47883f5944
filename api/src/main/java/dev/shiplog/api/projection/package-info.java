/**
 * Projects the journal: from each entry that counts follow records of store topics, assignments,
 * audit and outcomes, and they become visible together with the checkpoint that covers them. It
 * runs on the leader, off the write path, on a thread of its own.
 */
package dev.shiplog.api.projection;
