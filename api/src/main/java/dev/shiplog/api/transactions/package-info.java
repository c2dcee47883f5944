/**
 * Several operations that take effect together or not at all: transactions, and the rewinding of a
 * namespace, which is one.
 */
package dev.shiplog.api.transactions;
