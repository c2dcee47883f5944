package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;

/**
 * What a node has for its pods. Of what it does not tell there is enough.
 *
 * @param all of it
 * @param pods how many there may be
 */
record NodeRoom(Demand all, long pods) {

  static NodeRoom of(Map<String, Quantity> allocatable) {
    Demand told = Demand.of(allocatable);
    return new NodeRoom(
        allocatable.containsKey(Demand.STORAGE)
            ? told
            : new Demand(told.cpuMillis(), told.memoryBytes(), Long.MAX_VALUE),
        Optional.ofNullable(allocatable.get("pods"))
            .map(pods -> pods.getNumericalAmount().longValue())
            .orElse(Long.MAX_VALUE));
  }

  /** What is missing for one pod more, in the kubelet's words; the first if it is several. */
  Optional<Words> shortage(Demand used, int podsHere, Demand wanted) {
    return shortage("pods", 1, podsHere, pods)
        .or(() -> shortage("cpu", wanted.cpuMillis(), used.cpuMillis(), all.cpuMillis()))
        .or(() -> shortage("memory", wanted.memoryBytes(), used.memoryBytes(), all.memoryBytes()))
        .or(() ->
            shortage(
                Demand.STORAGE, wanted.storageBytes(), used.storageBytes(), all.storageBytes()));
  }

  /** Whoever wants nothing of it fits in any case. */
  private static Optional<Words> shortage(String what, long wanted, long used, long most) {
    return wanted > 0 && wanted > most - used
        ? Optional.of(
            new Words(
                "OutOf" + what,
                "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                    .formatted(what, wanted, used, most)))
        : Optional.empty();
  }
}
