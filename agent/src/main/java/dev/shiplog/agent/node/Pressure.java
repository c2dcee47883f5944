package dev.shiplog.agent.node;

/** A condition of a node that runs short of something. */
public enum Pressure {
  MEMORY(
      "MemoryPressure",
      "KubeletHasInsufficientMemory",
      "kubelet has insufficient memory available",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available"),
  DISK(
      "DiskPressure",
      "KubeletHasDiskPressure",
      "kubelet has disk pressure",
      "KubeletHasNoDiskPressure",
      "kubelet has no disk pressure"),
  PIDS(
      "PIDPressure",
      "KubeletHasInsufficientPID",
      "kubelet has insufficient PID available",
      "KubeletHasSufficientPID",
      "kubelet has sufficient PID available");

  private final String condition;
  private final String highReason;
  private final String highMessage;
  private final String lowReason;
  private final String lowMessage;

  Pressure(
      String condition,
      String highReason,
      String highMessage,
      String lowReason,
      String lowMessage) {
    this.condition = condition;
    this.highReason = highReason;
    this.highMessage = highMessage;
    this.lowReason = lowReason;
    this.lowMessage = lowMessage;
  }

  /** Type of the condition. */
  public String condition() {
    return condition;
  }

  String reason(boolean high) {
    return high ? highReason : lowReason;
  }

  String message(boolean high) {
    return high ? highMessage : lowMessage;
  }
}
