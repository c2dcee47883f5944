package dev.shiplog.agent.proxy;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.Objects;

/**
 * Where a proxy is.
 *
 * @param node its node
 * @param zone the node's zone; empty if it is not known
 */
record Place(String node, String zone) {

  /** No node: nothing is near. */
  static final Place NOWHERE = new Place("", "");

  /** A node's zone is known by the endpoints on it. */
  static Place of(String node, ServiceView view) {
    String zone =
        view.slices().values().stream()
            .flatMap(slice -> slice.getEndpoints().stream())
            .filter(endpoint -> node.equals(endpoint.getNodeName()))
            .map(Endpoint::getZone)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("");
    return new Place(node, zone);
  }
}
