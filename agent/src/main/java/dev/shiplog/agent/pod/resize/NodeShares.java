package dev.shiplog.agent.pod.resize;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a node is promised to which of its pods. A pod that comes takes its share if there is one
 * left, and one that wants more while it runs has to ask. Safe for use by many threads; guarded by
 * this.
 */
public final class NodeShares {

  private static final Words PORTS_TAKEN =
      new Words(
          "NodePorts",
          "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");

  private final NodeRoom room;
  private final Map<String, Demand> granted = new HashMap<>();

  /** Ports of the host, by the pods that have some. */
  private final Map<String, Set<HostPort>> ports = new HashMap<>();

  private final Map<String, Runnable> waiting = new HashMap<>();

  /** Shares of a node that nobody has anything of. */
  public NodeShares(Map<String, Quantity> allocatable) {
    room = NodeRoom.of(allocatable);
  }

  /** The node's word on a pod that wants more. */
  enum Answer {
    GRANTED,
    /** It would fit if others were not there. */
    DEFERRED,
    /** The node has not that much. */
    INFEASIBLE
  }

  /** What the pod has without asking: it was given to it before. */
  void hold(String podUid, Demand demand, Set<HostPort> hostPorts) {
    List<Runnable> told;
    synchronized (this) {
      put(podUid, demand, hostPorts);
      waiting.remove(podUid);
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  /**
   * Gives a pod that comes what it wants, or says why not.
   *
   * @param critical whether it comes even if that is more than there is
   */
  synchronized Optional<Words> take(
      String podUid, Demand demand, Set<HostPort> hostPorts, boolean critical) {
    Demand used = granted.values().stream().reduce(Demand.NONE, Demand::plus);
    Optional<Words> shortage =
        critical ? Optional.empty() : room.shortage(used, granted.size(), demand);
    Optional<Words> refusal =
        shortage.or(() -> areTaken(hostPorts) ? Optional.of(PORTS_TAKEN) : Optional.empty());
    if (refusal.isEmpty()) {
      put(podUid, demand, hostPorts);
    }
    return refusal;
  }

  private boolean areTaken(Set<HostPort> wanted) {
    return ports.values().stream()
        .flatMap(Set::stream)
        .anyMatch(taken -> wanted.stream().anyMatch(taken::conflictsWith));
  }

  private void put(String podUid, Demand demand, Set<HostPort> hostPorts) {
    granted.put(podUid, demand);
    if (!hostPorts.isEmpty()) {
      ports.put(podUid, hostPorts);
    }
  }

  /**
   * Asks for another share in place of what the pod has.
   *
   * @param onRoom called once when it is worth asking again after {@link Answer#DEFERRED}; must not
   *     block
   */
  Answer ask(String podUid, Demand wanted, Runnable onRoom) {
    List<Runnable> told;
    synchronized (this) {
      if (!fits(wanted, room.all())) {
        waiting.remove(podUid);
        return Answer.INFEASIBLE;
      }
      Demand others =
          granted.entrySet().stream()
              .filter(each -> !each.getKey().equals(podUid))
              .map(Map.Entry::getValue)
              .reduce(Demand.NONE, Demand::plus);
      if (!fits(others.plus(wanted), room.all())) {
        waiting.put(podUid, onRoom);
        return Answer.DEFERRED;
      }
      waiting.remove(podUid);
      granted.put(podUid, wanted);
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
    return Answer.GRANTED;
  }

  /** The pod has nothing any more. */
  public void release(String podUid) {
    List<Runnable> told;
    synchronized (this) {
      granted.remove(podUid);
      ports.remove(podUid);
      waiting.remove(podUid);
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  private List<Runnable> takeWaiting() {
    List<Runnable> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }

  private static boolean fits(Demand demand, Demand room) {
    return demand.cpuMillis() <= room.cpuMillis() && demand.memoryBytes() <= room.memoryBytes();
  }

  Demand allocatable() {
    return room.all();
  }
}
