package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps groups from starving while single pods take every bit of room that comes free: once a group
 * has waited for its time-out, what fits of it is nominated to its nodes, and room is held there
 * against pods that are not more urgent; and when room comes free, its pods are asked first. One
 * group at a time has this right, the one that has waited longest, so that no two hold half of what
 * each needs; and it has it for a limited time, then it goes to the end of the line. One thread.
 */
final class GroupHold {

  /** Long enough for pods to end gracefully, short enough for others to go on. */
  static final long LONGEST_HOLD_MS = 5 * 60_000;

  private final Cluster cluster;
  private final Map<String, Long> failingSince = new LinkedHashMap<>();
  private String holder = "";
  private long heldSinceMs;

  GroupHold(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * A group did not find enough room.
   *
   * @return whether room is to be held for those of its pods that fit
   */
  boolean failed(Pod member, long nowMs) {
    String key = member.groupKey();
    long since = failingSince.computeIfAbsent(key, k -> nowMs);
    if (holder.isEmpty()
        && nowMs - since >= member.group().timeoutMs()
        && failingSince.values().stream().noneMatch(other -> other < since)) {
      holder = key;
      heldSinceMs = nowMs;
    }
    return key.equals(holder);
  }

  /** The pods that go before others, as room is held for their group. */
  Set<String> members() {
    return holder.isEmpty() ? Set.of() : cluster.podsOfGroup(holder);
  }

  /** A group is being bound. */
  void succeeded(String groupKey) {
    failingSince.remove(groupKey);
    if (groupKey.equals(holder)) {
      holder = "";
    }
  }

  /**
   * Ends a hold that took too long, or is for pods that wait no longer.
   *
   * @return keys of the pods for which room need not be held any more
   */
  List<String> expire(long nowMs) {
    failingSince.keySet().removeIf(key -> !waits(key));
    if (holder.isEmpty() || (nowMs - heldSinceMs < LONGEST_HOLD_MS && waits(holder))) {
      return List.of();
    }
    String former = holder;
    holder = "";
    if (failingSince.remove(former) != null) {
      failingSince.put(former, nowMs);
    }
    return List.copyOf(cluster.podsOfGroup(former));
  }

  private boolean waits(String groupKey) {
    return cluster.podsOfGroup(groupKey).stream()
        .flatMap(key -> cluster.pod(key).stream())
        .anyMatch(Pod::isPending);
  }
}
