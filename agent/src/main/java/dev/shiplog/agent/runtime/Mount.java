package dev.shiplog.agent.runtime;

import java.nio.file.Path;

/**
 * A file or directory of the host in a container.
 *
 * @param hostPath exists when the container is created
 * @param containerPath absolute; made in the container where it is missing
 * @param readOnly whether the container cannot write to it
 * @param propagation whether mounts made below it are seen on the other side
 */
public record Mount(
    Path hostPath, String containerPath, boolean readOnly, Propagation propagation) {

  /** Which side sees later mounts of the other. */
  public enum Propagation {
    NONE,
    HOST_TO_CONTAINER,
    BIDIRECTIONAL
  }
}
