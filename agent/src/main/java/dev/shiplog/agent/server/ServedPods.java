package dev.shiplog.agent.server;

/** All that a node serves of its pods. */
public interface ServedPods extends PodLogs, PodStreams {}
