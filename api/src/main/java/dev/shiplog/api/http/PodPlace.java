package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a pod runs, and who can be asked about it there.
 *
 * @param pod as it is stored
 * @param host address of its node's agent
 */
record PodPlace(JsonNode pod, String host, int port) {

  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final int DEFAULT_PORT = 10250;

  /**
   * Finds a pod.
   *
   * @throws dev.shiplog.api.status.ApiFailure if it does not exist or has no node
   */
  static PodPlace find(Target target, Snapshot state) {
    JsonNode pod = state.get(target.key()).orElseThrow(target::notFound).tree();
    String nodeName = pod.path("spec").path("nodeName").asText("");
    if (nodeName.isEmpty()) {
      throw Failures.badRequest("pod " + target.name() + " does not have a host assigned");
    }
    JsonNode node =
        state
            .get(new ObjectKey(NODES, "", nodeName))
            .map(StoredObject::tree)
            .orElseThrow(() -> Failures.notFound("", "nodes", nodeName));
    Agent agent =
        agent(node)
            .orElseThrow(() -> Failures.internal("node %s has no InternalIP".formatted(nodeName)));
    return new PodPlace(pod, agent.host(), agent.port());
  }

  /** Where a node's agent is reached. */
  record Agent(String host, int port) {}

  /** Where a node says that its agent is; empty if it has no address yet. */
  static Optional<Agent> agent(JsonNode node) {
    int port = node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(DEFAULT_PORT);
    for (JsonNode address : node.path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return Optional.of(new Agent(address.path("address").asText(), port));
      }
    }
    return Optional.empty();
  }

  /** The container that a request means: the one it names, the pod's usual one, or its only one. */
  String container(Query query, Target target) {
    String asked = query.text("container");
    List<String> names = names();
    if (!asked.isEmpty()) {
      if (!names.contains(asked)) {
        throw Failures.badRequest(
            "container %s is not valid for pod %s".formatted(asked, target.name()));
      }
      return asked;
    }
    String usual =
        pod.path("metadata")
            .path("annotations")
            .path("kubectl.kubernetes.io/default-container")
            .asText("");
    if (names.contains(usual)) {
      return usual;
    }
    if (pod.path("spec").path("containers").size() == 1) {
      return names.getFirst();
    }
    throw Failures.badRequest(
        "a container name must be specified for pod %s, choose one of: %s"
            .formatted(target.name(), names));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      pod.path("spec").path(list).forEach(c -> names.add(c.path("name").asText()));
    }
    return names;
  }
}
