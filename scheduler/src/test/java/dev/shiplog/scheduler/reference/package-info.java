/**
 * A scheduler that is slow and obviously right: it computes everything from scratch, by loops over
 * all nodes and all pods, in the order in which the rules are told. What the real one decides is
 * compared with it.
 */
package dev.shiplog.scheduler.reference;
