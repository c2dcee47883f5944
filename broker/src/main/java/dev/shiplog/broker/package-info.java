/** A Kafka broker in this process. It knows Kafka, and nothing of what Shiplog keeps in it. */
package dev.shiplog.broker;
