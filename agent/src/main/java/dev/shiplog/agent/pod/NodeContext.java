package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.events.EventRecorder;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.probes.Prober;
import dev.shiplog.agent.reach.PodNetwork;
import dev.shiplog.agent.runtime.PodRuntime;

/**
 * What the pods of a node share. Everything in it is safe for use by many threads.
 *
 * @param settings what the node was told about itself
 * @param services what all nodes of the process share
 * @param runtime runs the containers
 * @param files holds the pods' files
 * @param config what pods refer to
 * @param serviceSource the services pods find in their environment
 * @param prober asks containers how they are
 * @param network reaches pods for hooks
 * @param events tells users what happens
 */
public record NodeContext(
    NodeSettings settings,
    AgentServices services,
    PodRuntime runtime,
    PodFiles files,
    ConfigSource config,
    ServiceSource serviceSource,
    Prober prober,
    PodNetwork network,
    EventRecorder events) {}
