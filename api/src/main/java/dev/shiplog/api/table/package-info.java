/**
 * Objects as the rows that {@code kubectl get} prints: which columns a resource has is data, what
 * stands in them is a function per column. Pure; the time is given by the caller.
 */
package dev.shiplog.api.table;
