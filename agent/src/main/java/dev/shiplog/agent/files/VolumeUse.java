package dev.shiplog.agent.files;

import dev.shiplog.agent.runtime.FsStats;
import java.util.Optional;

/**
 * How full a pod's volume is.
 *
 * @param volume its name in the pod
 * @param claim name of the claim behind it
 */
public record VolumeUse(String volume, Optional<String> claim, FsStats stats) {}
