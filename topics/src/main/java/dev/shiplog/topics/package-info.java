/**
 * The contract between Shiplog's applications: which topics exist, what their records mean, and how
 * they are read and written. Whoever wants to follow or audit a cluster needs this module alone.
 */
package dev.shiplog.topics;
