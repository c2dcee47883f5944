package dev.shiplog.agent.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.agent.container.ContainerSpecs;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.pod.NodePods;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The logs of all nodes of a process. Any thread. */
public final class NodePodLogs implements PodLogs {

  private record Node(NodePods pods, PodFiles files) {}

  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final KubernetesSerialization json = new KubernetesSerialization();

  /** Adds a node. */
  public void add(NodePods pods, PodFiles files) {
    nodes.add(new Node(pods, files));
  }

  @Override
  public ContainerLog find(String namespace, String pod, String container, boolean previous) {
    for (Node node : nodes) {
      Optional<Pod> found = node.pods().pod(namespace, pod);
      if (found.isPresent()) {
        return log(node, found.get(), container, previous);
      }
    }
    throw NoLogException.notFound("pods \"" + pod + "\" not found");
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
                NoLogException.badRequest(
                    "container " + container + " is not valid for pod " + name));
    int attempt = status.getRestartCount() - (previous ? 1 : 0);
    if (attempt < 0) {
      throw NoLogException.badRequest(
          "previous terminated container \"%s\" in pod \"%s\" not found"
              .formatted(container, name));
    }
    if (status.getState() != null
        && status.getState().getWaiting() != null
        && attempt == 0
        && status.getContainerID() == null) {
      throw NoLogException.badRequest(
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
