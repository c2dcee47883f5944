package dev.shiplog.agent.eviction;

/**
 * How much there is of something.
 *
 * @param available bytes or pieces that are free
 * @param capacity of all there is
 */
public record Level(long available, long capacity) {}
