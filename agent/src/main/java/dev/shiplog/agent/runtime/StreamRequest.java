package dev.shiplog.agent.runtime;

import java.util.List;

/** A stream into a pod that somebody outside wants. */
public sealed interface StreamRequest {

  /**
   * Which of a process's streams are wanted.
   *
   * @param tty whether it is a terminal; then there is no standard error of its own
   */
  record Ends(boolean stdin, boolean stdout, boolean stderr, boolean tty) {

    public Ends {
      stderr = stderr && !tty;
    }

    /** Whether there is anything to stream. */
    public boolean any() {
      return stdin || stdout || stderr;
    }
  }

  /** The streams of a new process in a running container. */
  record Exec(String containerId, List<String> command, Ends ends) implements StreamRequest {

    public Exec {
      command = List.copyOf(command);
    }
  }

  /** The streams of a running container's own process. */
  record Attach(String containerId, Ends ends) implements StreamRequest {}

  /**
   * Connections to ports in a sandbox.
   *
   * @param ports empty if each stream names its own, as SPDY's do
   */
  record PortForward(String sandboxId, List<Integer> ports) implements StreamRequest {

    public PortForward {
      ports = List.copyOf(ports);
    }
  }
}
