package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Dns;
import dev.shiplog.agent.runtime.SandboxSpec.PortMapping;
import dev.shiplog.agent.runtime.SandboxStatus;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sandboxes between the contract and CRI.
 *
 * @param ownership labels that mark them as this agent's
 * @param resources arithmetic of limits
 */
record SandboxMessages(Ownership ownership, LinuxResources resources) {

  Cri.PodSandboxConfig config(SandboxSpec spec) {
    boolean hostNetwork = spec.namespaces().hostNetwork();
    var config =
        Cri.PodSandboxConfig.newBuilder()
            .setMetadata(
                Cri.PodSandboxMetadata.newBuilder()
                    .setName(spec.pod().name())
                    .setNamespace(spec.pod().namespace())
                    .setUid(spec.pod().uid())
                    .setAttempt(spec.attempt()))
            .setHostname(hostNetwork ? "" : spec.hostname())
            .setLogDirectory(spec.logDirectory().toString())
            .addAllPortMappings(spec.ports().stream().map(SandboxMessages::port).toList())
            .putAllLabels(ownership.sandboxLabels(spec.pod(), spec.labels()))
            .putAllAnnotations(spec.annotations())
            .setLinux(linux(spec));
    if (!spec.dns().equals(Dns.HOST)) {
      config.setDnsConfig(dns(spec.dns()));
    }
    return config.build();
  }

  private Cri.LinuxPodSandboxConfig linux(SandboxSpec spec) {
    return Cri.LinuxPodSandboxConfig.newBuilder()
        .setCgroupParent(
            spec.cgroupParent().isEmpty() ? ContainerdRuntime.CGROUP_PARENT : spec.cgroupParent())
        .setSecurityContext(SecurityMessages.sandbox(spec))
        .putAllSysctls(spec.security().sysctls())
        .setResources(resources.message(spec.resources()))
        .build();
  }

  private static Cri.DNSConfig dns(Dns dns) {
    return Cri.DNSConfig.newBuilder()
        .addAllServers(dns.servers())
        .addAllSearches(dns.searches())
        .addAllOptions(dns.options())
        .build();
  }

  private static Cri.PortMapping port(PortMapping port) {
    Cri.Protocol protocol =
        switch (port.protocol()) {
          case TCP -> Cri.Protocol.TCP;
          case UDP -> Cri.Protocol.UDP;
          case SCTP -> Cri.Protocol.SCTP;
        };
    return Cri.PortMapping.newBuilder()
        .setProtocol(protocol)
        .setContainerPort(port.containerPort())
        .setHostPort(port.hostPort())
        .setHostIp(port.hostIp())
        .build();
  }

  static SandboxStatus status(Cri.PodSandboxStatus status) {
    boolean ready = status.getState() == Cri.PodSandboxState.SANDBOX_READY;
    boolean hostNetwork =
        status.getLinux().getNamespaces().getOptions().getNetwork() == Cri.NamespaceMode.NODE;
    return new SandboxStatus(
        status.getId(),
        Ownership.pod(status.getLabelsMap()),
        status.getMetadata().getAttempt(),
        ready,
        Times.instant(status.getCreatedAt()),
        ready && !hostNetwork ? ips(status.getNetwork()) : List.of(),
        hostNetwork,
        Ownership.without(status.getLabelsMap()),
        Ownership.without(status.getAnnotationsMap()));
  }

  private static List<String> ips(Cri.PodSandboxNetworkStatus network) {
    return Stream.concat(
            Stream.of(network.getIp()),
            network.getAdditionalIpsList().stream().map(Cri.PodIP::getIp))
        .filter(ip -> !ip.isEmpty())
        .toList();
  }
}
