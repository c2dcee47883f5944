package dev.shiplog.agent.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's sandbox as it is to be.
 *
 * @param pod whose it is; the runtime keeps it and gives it back in {@link SandboxStatus}
 * @param attempt how many sandboxes this pod had before
 * @param hostname host name in the pod's own UTS namespace; ignored on the host's network
 * @param logDirectory where the pod's container logs lie; the caller has made it
 * @param dns what /etc/resolv.conf says
 * @param ports ports of the host that lead to the pod
 * @param namespaces what is shared with the host or within the pod
 * @param security under which rights the sandbox itself runs
 * @param resources the sum over the pod's containers
 * @param cgroupParent cgroup the pod's own lies below; empty for the runtime's default
 * @param runtimeHandler which of several configured runtimes; empty for the default
 * @param labels kept and given back
 * @param annotations kept and given back
 */
public record SandboxSpec(
    PodIdentity pod,
    int attempt,
    String hostname,
    Path logDirectory,
    Dns dns,
    List<PortMapping> ports,
    Namespaces namespaces,
    Security security,
    ContainerResources resources,
    String cgroupParent,
    String runtimeHandler,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public SandboxSpec {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** Contents of resolv.conf; all empty means the host's. */
  public record Dns(List<String> servers, List<String> searches, List<String> options) {

    public static final Dns HOST = new Dns(List.of(), List.of(), List.of());

    public Dns {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }
  }

  /**
   * A port of the host that leads to one of the pod's.
   *
   * @param hostIp address of the host it is open on; empty for all
   */
  public record PortMapping(Protocol protocol, int containerPort, int hostPort, String hostIp) {}

  /** The same for a container that is to see the processes of another one. */
  public SandboxSpec withProcessesOf(String containerId) {
    return new SandboxSpec(
        pod,
        attempt,
        hostname,
        logDirectory,
        dns,
        ports,
        namespaces.joining(containerId),
        security,
        resources,
        cgroupParent,
        runtimeHandler,
        labels,
        annotations);
  }

  /** The same on one of several configured runtimes. */
  public SandboxSpec handledBy(String handler) {
    return new SandboxSpec(
        pod,
        attempt,
        hostname,
        logDirectory,
        dns,
        ports,
        namespaces,
        security,
        resources,
        cgroupParent,
        handler,
        labels,
        annotations);
  }

  /** Transport protocols of a port. */
  public enum Protocol {
    TCP,
    UDP,
    SCTP
  }

  /**
   * Which namespaces are not the pod's own.
   *
   * @param hostNetwork the host's network, without an address of its own
   * @param hostPid the host's processes
   * @param hostIpc the host's IPC
   * @param sharedPid one process namespace for all containers of the pod instead of one each
   * @param processesOf id of the container whose process namespace another one joins
   */
  public record Namespaces(
      boolean hostNetwork,
      boolean hostPid,
      boolean hostIpc,
      boolean sharedPid,
      Optional<String> processesOf) {

    /** Without a container to join. */
    public Namespaces(boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean sharedPid) {
      this(hostNetwork, hostPid, hostIpc, sharedPid, Optional.empty());
    }

    Namespaces joining(String containerId) {
      return new Namespaces(hostNetwork, hostPid, hostIpc, sharedPid, Optional.of(containerId));
    }

    public static final Namespaces OWN = new Namespaces(false, false, false, false);
  }

  /**
   * Rights of the sandbox.
   *
   * @param privileged whether privileged containers may run in it
   * @param sysctls kernel parameters of its namespaces
   * @param identity user, groups, and profiles of the sandbox's own process
   */
  public record Security(
      boolean privileged, Map<String, String> sysctls, ContainerSecurity.Identity identity) {

    public static final Security DEFAULT =
        new Security(false, Map.of(), ContainerSecurity.Identity.OF_IMAGE);

    public Security {
      sysctls = Map.copyOf(sysctls);
    }
  }
}
