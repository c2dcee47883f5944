package dev.shiplog.scheduler.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node with what is placed on it: the pods bound to it and those assumed on it. Readable by
 * plugins, changed by {@link Cluster} alone; both on the scheduling thread.
 */
public final class NodeInfo {

  private final String name;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final List<HostPort> usedPorts = new ArrayList<>();
  private Node node;
  private int slot = -1;
  private Resources requested = Resources.NONE;
  private long scoredCpuMilli;
  private long scoredMemoryBytes;

  NodeInfo(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** The node itself. Never null for what {@link Cluster} hands out by slot. */
  public Node node() {
    return node;
  }

  /** Its place in arrays that hold something for each node; stays while the node exists. */
  public int slot() {
    return slot;
  }

  /** What its pods ask for, all together. */
  public Resources requested() {
    return requested;
  }

  /** The sum of its pods' {@link PodShape#scoredCpuMilli}. */
  public long scoredCpuMilli() {
    return scoredCpuMilli;
  }

  /** The sum of its pods' {@link PodShape#scoredMemoryBytes}. */
  public long scoredMemoryBytes() {
    return scoredMemoryBytes;
  }

  public int podCount() {
    return pods.size();
  }

  /** A live view. */
  public Collection<Pod> pods() {
    return Collections.unmodifiableCollection(pods.values());
  }

  /** True if one of its pods has a port that the pod needs. */
  public boolean hasPortConflict(List<HostPort> wanted) {
    for (HostPort port : wanted) {
      for (HostPort used : usedPorts) {
        if (port.conflictsWith(used)) {
          return true;
        }
      }
    }
    return false;
  }

  void setNode(Node node) {
    this.node = node;
  }

  void setSlot(int slot) {
    this.slot = slot;
  }

  void add(Pod pod) {
    pods.put(pod.key(), pod);
    PodShape shape = pod.shape();
    requested = requested.plus(shape.requests());
    scoredCpuMilli += shape.scoredCpuMilli();
    scoredMemoryBytes += shape.scoredMemoryBytes();
    usedPorts.addAll(shape.hostPorts());
  }

  void remove(Pod pod) {
    pods.remove(pod.key());
    PodShape shape = pod.shape();
    requested = requested.minus(shape.requests());
    scoredCpuMilli -= shape.scoredCpuMilli();
    scoredMemoryBytes -= shape.scoredMemoryBytes();
    shape.hostPorts().forEach(usedPorts::remove);
  }
}
