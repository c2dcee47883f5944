package dev.shiplog.agent.container;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.config.ServiceSource;
import dev.shiplog.agent.node.NodeSettings;
import dev.shiplog.agent.runtime.ContainerResources;
import dev.shiplog.agent.runtime.ContainerSpec;
import dev.shiplog.agent.runtime.ContainerSpec.EnvironmentVariable;
import dev.shiplog.agent.runtime.ImageInfo;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** A container as a runtime is told to make it. Thread safe. */
public final class ContainerSpecs {

  /** Annotation: which container of the pod's spec this was made from; see {@link #hash}. */
  public static final String HASH = "io.kubernetes.container.hash";

  /** Annotation: the resources that the container was made with, as JSON. */
  public static final String RESOURCES = "shiplog.dev/resources";

  private final NodeSettings node;
  private final ConfigSource config;
  private final ServiceSource services;

  public ContainerSpecs(NodeSettings node, ConfigSource config, ServiceSource services) {
    this.node = node;
    this.config = config;
    this.services = services;
  }

  /**
   * Where a container's surroundings are.
   *
   * @param podIps the sandbox's addresses, or the node's on the host's network
   * @param volumes where the pod's volumes lie, by name
   * @param subPaths gives a path in a volume, made if it is missing
   * @param hosts the pod's hosts file
   * @param terminationLog the file for this run's termination message
   */
  public record Surroundings(
      List<String> podIps,
      Map<String, Path> volumes,
      BiFunction<Path, String, Path> subPaths,
      Path hosts,
      Path terminationLog) {}

  /**
   * The container's spec. Blocks while it asks for ConfigMaps and Secrets.
   *
   * @throws PodConfigException if something it refers to is missing or wrong
   */
  public ContainerSpec build(
      Pod pod, Container container, int attempt, ImageInfo image, Surroundings surroundings) {
    SecuritySpecs.requireNonRoot(pod, container, image);
    Map<String, String> variables = variables(pod, container, surroundings.podIps());
    return new ContainerSpec(
        container.getName(),
        attempt,
        image.id(),
        container.getImage(),
        expanded(container.getCommand(), variables),
        expanded(container.getArgs(), variables),
        orEmpty(container.getWorkingDir()),
        environment(variables),
        MountSpecs.of(pod, container, surroundings, variables),
        DeviceSpecs.of(pod, container, surroundings),
        resources(pod, container),
        SecuritySpecs.of(pod, container),
        logPath(container.getName(), attempt),
        Boolean.TRUE.equals(container.getStdin()),
        Boolean.TRUE.equals(container.getStdinOnce()),
        Boolean.TRUE.equals(container.getTty()),
        stopSignal(container),
        Map.of(),
        Map.of(HASH, hash(container), RESOURCES, resourcesText(container)));
  }

  /** What one container of the pod may use on this node. */
  public ContainerResources resources(Pod pod, Container container) {
    return Resources.of(pod, container, memoryOfNode());
  }

  /** Requests and limits of a container, without what follows from its node. */
  public static ContainerResources resources(Container container) {
    return Resources.of(container);
  }

  private static String resourcesText(Container container) {
    return container.getResources() == null ? "{}" : KubernetesJson.write(container.getResources());
  }

  /** Where a run's log lies in the pod's log directory. */
  public static String logPath(String container, int attempt) {
    return container + "/" + attempt + ".log";
  }

  /** Changes when a running container must be replaced: of a pod's spec only images may change. */
  public static String hash(Container container) {
    return Integer.toHexString((container.getName() + "\n" + container.getImage()).hashCode());
  }

  private Map<String, String> variables(Pod pod, Container container, List<String> podIps) {
    EnvironmentBuilder environment =
        new EnvironmentBuilder(
            pod.getMetadata().getNamespace(),
            config,
            new PodFields(pod, node.hostIps(), podIps),
            new ResourceFields(pod, node.allocatable()));
    return environment.build(container, ServiceVariables.of(pod, services));
  }

  private static List<EnvironmentVariable> environment(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(variable -> new EnvironmentVariable(variable.getKey(), variable.getValue()))
        .toList();
  }

  private static List<String> expanded(List<String> words, Map<String, String> variables) {
    return words.stream().map(word -> VariableExpansion.expand(word, variables)).toList();
  }

  private long memoryOfNode() {
    return Resources.bytes(node.capacity(), "memory").orElse(0);
  }

  private static String stopSignal(Container container) {
    return container.getLifecycle() == null
        ? ""
        : orEmpty(container.getLifecycle().getStopSignal());
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
