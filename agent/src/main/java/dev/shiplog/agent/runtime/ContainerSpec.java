package dev.shiplog.agent.runtime;

import java.util.List;
import java.util.Map;

/**
 * A container as it is to be.
 *
 * @param name its name in the pod; the runtime keeps it and gives it back in {@link
 *     ContainerStatus}
 * @param attempt how often it was started before in this pod
 * @param imageId {@link ImageInfo#id}
 * @param image the image as the user named it, kept and given back
 * @param command replaces the image's entry point unless empty
 * @param args replaces the image's arguments unless empty; a command without args drops the image's
 * @param workingDirectory empty for the image's
 * @param environment in order; added to the image's, a later value of a name wins
 * @param mounts in order
 * @param devices devices of the host
 * @param resources what it may use
 * @param security under which rights it runs
 * @param logPath where its output goes in CRI's log format, relative to {@link
 *     SandboxSpec#logDirectory}. A runtime that has nothing to write may leave the file out.
 * @param stdin whether its standard input stays open for attaching
 * @param stdinOnce whether it is closed after the first one attached and left
 * @param tty whether it has a terminal
 * @param stopSignal for example {@code SIGTERM}; empty for the image's
 * @param labels kept and given back
 * @param annotations kept and given back
 */
public record ContainerSpec(
    String name,
    int attempt,
    String imageId,
    String image,
    List<String> command,
    List<String> args,
    String workingDirectory,
    List<EnvironmentVariable> environment,
    List<Mount> mounts,
    List<Device> devices,
    ContainerResources resources,
    ContainerSecurity security,
    String logPath,
    boolean stdin,
    boolean stdinOnce,
    boolean tty,
    String stopSignal,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public ContainerSpec {
    command = List.copyOf(command);
    args = List.copyOf(args);
    environment = List.copyOf(environment);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** One variable, expanded. */
  public record EnvironmentVariable(String name, String value) {

    /** Values may be secret and stay out of logs. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A device of the host.
   *
   * @param permissions of {@code rwm}
   */
  public record Device(String hostPath, String containerPath, String permissions) {}
}
