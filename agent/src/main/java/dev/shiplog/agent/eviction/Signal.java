package dev.shiplog.agent.eviction;

import dev.shiplog.agent.node.Pressure;

/** Something of which a node can run short, by the names that the kubelet gives it. */
public enum Signal {
  MEMORY("memory.available", "memory", Pressure.MEMORY),
  NODE_DISK("nodefs.available", "ephemeral-storage", Pressure.DISK),
  NODE_FILES("nodefs.inodesFree", "inodes", Pressure.DISK),
  IMAGE_DISK("imagefs.available", "ephemeral-storage", Pressure.DISK),
  IMAGE_FILES("imagefs.inodesFree", "inodes", Pressure.DISK),
  PIDS("pid.available", "pids", Pressure.PIDS);

  private final String text;
  private final String resource;
  private final Pressure pressure;

  Signal(String text, String resource, Pressure pressure) {
    this.text = text;
    this.resource = resource;
    this.pressure = pressure;
  }

  /** As settings name it. */
  public String text() {
    return text;
  }

  /** What users are told that the node is low on. */
  String resource() {
    return resource;
  }

  Pressure pressure() {
    return pressure;
  }
}
