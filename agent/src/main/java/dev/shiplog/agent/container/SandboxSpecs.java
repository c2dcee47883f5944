package dev.shiplog.agent.container;

import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.node.NodeSettings.ClusterDns;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Dns;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import dev.shiplog.agent.runtime.SandboxSpec.PortMapping;
import dev.shiplog.agent.runtime.SandboxSpec.Protocol;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's sandbox: from the pod's spec and its node. */
public final class SandboxSpecs {

  private SandboxSpecs() {}

  public static PodIdentity identity(Pod pod) {
    var meta = pod.getMetadata();
    return new PodIdentity(meta.getUid(), meta.getNamespace(), meta.getName());
  }

  /**
   * The sandbox's spec.
   *
   * @param attempt how many sandboxes the pod had before
   * @param logs where the pod's logs lie
   */
  public static SandboxSpec build(Pod pod, int attempt, NodeSettings node, Path logs) {
    PodSpec spec = pod.getSpec();
    return new SandboxSpec(
        identity(pod),
        attempt,
        PodNames.hostname(pod, node.dns().domain()),
        logs,
        dns(pod, node.dns()),
        ports(spec),
        new Namespaces(
            isTrue(spec.getHostNetwork()),
            isTrue(spec.getHostPID()),
            isTrue(spec.getHostIPC()),
            isTrue(spec.getShareProcessNamespace())),
        SecuritySpecs.ofSandbox(pod),
        Resources.of(pod),
        "",
        "",
        orEmpty(pod.getMetadata().getLabels()),
        orEmpty(pod.getMetadata().getAnnotations()));
  }

  private static List<PortMapping> ports(PodSpec spec) {
    if (isTrue(spec.getHostNetwork())) {
      return List.of();
    }
    return spec.getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
        .map(SandboxSpecs::mapping)
        .toList();
  }

  private static PortMapping mapping(ContainerPort port) {
    String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
    return new PortMapping(
        Protocol.valueOf(protocol),
        port.getContainerPort(),
        port.getHostPort(),
        port.getHostIP() == null ? "" : port.getHostIP());
  }

  private static Dns dns(Pod pod, ClusterDns cluster) {
    PodSpec spec = pod.getSpec();
    String policy = spec.getDnsPolicy() == null ? "ClusterFirst" : spec.getDnsPolicy();
    boolean ofHost =
        policy.equals("Default")
            || (policy.equals("ClusterFirst") && isTrue(spec.getHostNetwork()));
    Dns base =
        policy.equals("None") || ofHost || cluster.servers().isEmpty()
            ? Dns.HOST
            : ofCluster(pod, cluster);
    return with(base, spec.getDnsConfig());
  }

  private static Dns ofCluster(Pod pod, ClusterDns cluster) {
    String services = "svc." + cluster.domain();
    return new Dns(
        cluster.servers(),
        List.of(pod.getMetadata().getNamespace() + "." + services, services, cluster.domain()),
        List.of("ndots:5"));
  }

  private static Dns with(Dns base, PodDNSConfig config) {
    if (config == null) {
      return base;
    }
    return new Dns(
        joined(base.servers(), config.getNameservers()),
        joined(base.searches(), config.getSearches()),
        options(base.options(), config.getOptions()));
  }

  private static List<String> joined(List<String> first, List<String> second) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second == null ? List.of() : second);
    return List.copyOf(all);
  }

  /** An option that the pod gives replaces the one of the same name. */
  private static List<String> options(List<String> base, List<PodDNSConfigOption> own) {
    List<String> all = new ArrayList<>(base);
    for (PodDNSConfigOption option : own == null ? List.<PodDNSConfigOption>of() : own) {
      all.removeIf(other -> other.split(":", 2)[0].equals(option.getName()));
      String value = option.getValue();
      all.add(value == null ? option.getName() : option.getName() + ":" + value);
    }
    return all;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }
}
