package dev.shiplog.agent.containerd;

import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSecurity;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.Mount;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.SandboxSpec;
import dev.shiplog.agent.runtime.SandboxSpec.Dns;
import dev.shiplog.agent.runtime.SandboxSpec.Namespaces;
import dev.shiplog.agent.runtime.SandboxSpec.PortMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Plain specs for tests, and plain ways to vary them. */
final class Specs {

  static final PodIdentity POD = new PodIdentity("uid-1", "default", "web-0");

  private Specs() {}

  static SandboxSpec sandbox(Path logs) {
    return sandbox(POD, logs, Namespaces.OWN);
  }

  static SandboxSpec sandbox(PodIdentity pod, Path logs, Namespaces namespaces) {
    return sandbox(pod, logs, namespaces, List.of());
  }

  static SandboxSpec sandbox(
      PodIdentity pod, Path logs, Namespaces namespaces, List<PortMapping> ports) {
    return new SandboxSpec(
        pod,
        0,
        pod.name(),
        logs,
        Dns.HOST,
        ports,
        namespaces,
        SandboxSpec.Security.DEFAULT,
        ContainerResources.NONE,
        "",
        "",
        Map.of("app", "web"),
        Map.of("note", "kept"));
  }

  static ContainerSpec container(String name, String imageId, String... command) {
    return container(name, imageId, ContainerResources.NONE, List.of(), command);
  }

  static ContainerSpec container(
      String name,
      String imageId,
      ContainerResources resources,
      List<Mount> mounts,
      String... command) {
    return new ContainerSpec(
        name,
        0,
        imageId,
        "app",
        List.of(command),
        List.of(),
        "",
        List.of(),
        mounts,
        List.of(),
        resources,
        ContainerSecurity.DEFAULT,
        name + "/0.log",
        false,
        false,
        false,
        "",
        Map.of("tier", "front"),
        Map.of());
  }

  static ContainerSpec withStopSignal(ContainerSpec spec, String signal) {
    return new ContainerSpec(
        spec.name(),
        spec.attempt(),
        spec.imageId(),
        spec.image(),
        spec.command(),
        spec.args(),
        spec.workingDirectory(),
        spec.environment(),
        spec.mounts(),
        spec.devices(),
        spec.resources(),
        spec.security(),
        spec.logPath(),
        spec.stdin(),
        spec.stdinOnce(),
        spec.tty(),
        signal,
        spec.labels(),
        spec.annotations());
  }
}
