package dev.shiplog.agent.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.pod.NodePods;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.StreamRequest;
import dev.shiplog.agent.runtime.StreamRequest.Ends;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The logs and streams of the pods on all nodes of a process. Any thread. */
public final class NodePodLogs implements ServedPods {

  private record Node(NodePods pods, PodFiles files) {}

  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final KubernetesSerialization json = KubernetesJson.serialization();

  /** Adds a node. */
  public void add(NodePods pods, PodFiles files) {
    nodes.add(new Node(pods, files));
  }

  @Override
  public ContainerLog find(String namespace, String pod, String container, boolean previous) {
    return onItsNode(namespace, pod, (node, found) -> log(node, found, container, previous));
  }

  @Override
  public URI exec(String namespace, String pod, String container, List<String> command, Ends ends) {
    return onItsNode(
        namespace,
        pod,
        (node, found) -> {
          PodRuntime runtime = node.pods().runtime();
          String id = StreamTargets.container(runtime, found, container);
          return runtime.stream(new StreamRequest.Exec(id, command, ends));
        });
  }

  @Override
  public URI attach(String namespace, String pod, String container, Ends ends) {
    return onItsNode(
        namespace,
        pod,
        (node, found) -> {
          PodRuntime runtime = node.pods().runtime();
          String id = StreamTargets.container(runtime, found, container);
          return runtime.stream(new StreamRequest.Attach(id, ends));
        });
  }

  @Override
  public URI portForward(String namespace, String pod, List<Integer> ports) {
    return onItsNode(
        namespace,
        pod,
        (node, found) -> {
          PodRuntime runtime = node.pods().runtime();
          String id = StreamTargets.sandbox(runtime, found);
          return runtime.stream(new StreamRequest.PortForward(id, ports));
        });
  }

  private <T> T onItsNode(String namespace, String pod, BiFunction<Node, Pod, T> action) {
    for (Node node : nodes) {
      Optional<Pod> found = node.pods().pod(namespace, pod);
      if (found.isPresent()) {
        return action.apply(node, found.get());
      }
    }
    throw RefusedException.notFound("pods \"" + pod + "\" not found");
  }

  @Override
  public List<JsonNode> pods() {
    return nodes.stream()
        .flatMap(node -> node.pods().pods().stream())
        .map(pod -> json.convertValue(pod, JsonNode.class))
        .toList();
  }

  private static ContainerLog log(Node node, Pod pod, String container, boolean previous) {
    String name = pod.getMetadata().getName();
    ContainerStatus status =
        status(pod, container)
            .orElseThrow(() ->
                RefusedException.badRequest(
                    "container " + container + " is not valid for pod " + name));
    int attempt = status.getRestartCount() - (previous ? 1 : 0);
    if (attempt < 0) {
      throw RefusedException.badRequest(
          "previous terminated container \"%s\" in pod \"%s\" not found"
              .formatted(container, name));
    }
    if (status.getState() != null
        && status.getState().getWaiting() != null
        && attempt == 0
        && status.getContainerID() == null) {
      throw RefusedException.badRequest(
          "container \"%s\" in pod \"%s\" is waiting to start: %s"
              .formatted(container, name, status.getState().getWaiting().getReason()));
    }
    Path file = node.files().logDirectory(pod).resolve(ContainerSpecs.logPath(container, attempt));
    String namespace = pod.getMetadata().getNamespace();
    return new ContainerLog(
        file, () -> isRunning(node.pods().pod(namespace, name), container, attempt));
  }

  private static boolean isRunning(Optional<Pod> pod, String container, int attempt) {
    return pod.flatMap(found -> status(found, container))
        .filter(status -> status.getRestartCount() == attempt)
        .filter(status -> status.getState() != null && status.getState().getRunning() != null)
        .isPresent();
  }

  private static Optional<ContainerStatus> status(Pod pod, String container) {
    return Stream.of(
            pod.getStatus().getContainerStatuses(),
            pod.getStatus().getInitContainerStatuses(),
            pod.getStatus().getEphemeralContainerStatuses())
        .flatMap(List::stream)
        .filter(status -> status.getName().equals(container))
        .findFirst();
  }
}
