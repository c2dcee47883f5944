package dev.shiplog.topics.kafka;

/** The short ways to a broker that runs in this process. */
public record DirectBroker(DirectPartitions partitions, DirectTransactions transactions) {}
