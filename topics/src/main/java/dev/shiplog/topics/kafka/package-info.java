/**
 * The log on Kafka. The settings of producers, consumers and admin clients carry guarantees that
 * everybody else relies on, so they are made here and nowhere else.
 */
package dev.shiplog.topics.kafka;
