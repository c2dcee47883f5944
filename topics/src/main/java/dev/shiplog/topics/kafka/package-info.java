/**
 * The log on Kafka. The one place that talks to it with producers, consumers and admin clients: the
 * guarantees everybody relies on (acks, isolation, fencing, never skipping) are settings made here.
 */
package dev.shiplog.topics.kafka;
