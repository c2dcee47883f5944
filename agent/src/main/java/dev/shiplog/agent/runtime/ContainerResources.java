package dev.shiplog.agent.runtime;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a container or pod may use. How requests become shares, and limits quotas, is the runtime's
 * knowledge of its kernel.
 *
 * @param cpuRequestMillis thousandths of a core it is promised; 0 if none
 * @param cpuLimitMillis thousandths of a core it gets at most
 * @param memoryRequestBytes memory it is promised; 0 if none
 * @param memoryLimitBytes memory beyond which it is killed
 * @param oomScoreAdjust how soon the kernel picks it when the node is out of memory, -999 to 1000;
 *     empty where it has no meaning (a whole pod)
 */
public record ContainerResources(
    long cpuRequestMillis,
    OptionalLong cpuLimitMillis,
    long memoryRequestBytes,
    OptionalLong memoryLimitBytes,
    OptionalInt oomScoreAdjust) {

  public static final ContainerResources NONE =
      new ContainerResources(0, OptionalLong.empty(), 0, OptionalLong.empty(), OptionalInt.empty());
}
