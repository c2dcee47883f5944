/**
 * The node agent: makes the pods that the log binds to its node run, and reports how they are. Data
 * flows one way: {@code assignments} → {@code pod} → {@code runtime} → {@code status} → {@code
 * cluster}.
 */
package dev.shiplog.agent;
