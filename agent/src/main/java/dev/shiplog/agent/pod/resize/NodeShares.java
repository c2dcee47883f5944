package dev.shiplog.agent.pod.resize;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a node is promised to which of its pods. The scheduler sees to it that new pods fit; a
 * pod that wants more while it runs has to ask here. Safe for use by many threads; guarded by this.
 */
public final class NodeShares {

  private final Demand allocatable;
  private final Map<String, Demand> granted = new HashMap<>();
  private final Map<String, Runnable> waiting = new HashMap<>();

  /** Shares of a node that nobody has anything of. */
  public NodeShares(Map<String, Quantity> allocatable) {
    this.allocatable = Demand.of(allocatable);
  }

  /** The node's word on a pod that wants more. */
  enum Answer {
    GRANTED,
    /** It would fit if others were not there. */
    DEFERRED,
    /** The node has not that much. */
    INFEASIBLE
  }

  /** What the pod has without asking: the scheduler gave it, or it asks for less. */
  void hold(String podUid, Demand demand) {
    List<Runnable> told;
    synchronized (this) {
      granted.put(podUid, demand);
      waiting.remove(podUid);
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
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
      if (!fits(wanted, allocatable)) {
        waiting.remove(podUid);
        return Answer.INFEASIBLE;
      }
      Demand others =
          granted.entrySet().stream()
              .filter(each -> !each.getKey().equals(podUid))
              .map(Map.Entry::getValue)
              .reduce(Demand.NONE, Demand::plus);
      if (!fits(others.plus(wanted), allocatable)) {
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
    return allocatable;
  }
}
