package dev.shiplog.agent.probes;

import io.fabric8.kubernetes.api.model.Container;
import java.time.Instant;

/**
 * A running container that is probed.
 *
 * @param podIp the pod's address, or the node's on the host's network
 * @param containerId the runtime's
 */
public record ProbeTarget(
    Container container, String podIp, String containerId, Instant startedAt) {}
