package dev.shiplog.agent.usage;

import dev.shiplog.agent.runtime.PodStats;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Where figures of usage come from. May block for as long as the runtime takes; any thread. */
public interface UsageSource {

  /**
   * What the whole node uses.
   *
   * @param at when it was measured
   * @param cpuNanos processor time since it started
   * @param cpuNanoCores billionths of a core it uses; empty if only the counter is known
   * @param workingSetBytes memory that cannot be taken back without harm
   * @param availableBytes what is left of the memory
   */
  record Machine(
      Instant at,
      long cpuNanos,
      OptionalLong cpuNanoCores,
      long workingSetBytes,
      long availableBytes) {}

  /** The node now. */
  Machine machine();

  /** Its pods now. */
  List<PodStats> pods();
}
