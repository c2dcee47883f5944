package dev.shiplog.agent;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.topics.fault.FaultHandler;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all nodes of a process share.
 *
 * @param cluster the API server
 * @param timers the clock and what is to happen later
 * @param threads where blocking work runs: it gives each task a (virtual) thread of its own and
 *     never refuses one
 * @param random for jitter; safe for use by many threads
 * @param faults where bugs go
 */
public record AgentServices(
    ClusterClient cluster,
    Timers timers,
    Executor threads,
    RandomGenerator random,
    FaultHandler faults) {}
