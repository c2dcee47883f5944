package dev.shiplog.api.access;

import dev.shiplog.api.access.Authorizer.Decision;
import java.util.Map;
import java.util.Set;

/**
 * What a node agent may do: read what pods need, report about itself and its pods, and nothing
 * else. It may change only its own Node and Lease. Which pods are its own is not checked here.
 */
final class NodeRules {

  private static final String PREFIX = "system:node:";

  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> WRITE = Set.of("create", "update", "patch");

  /** By {@code resource[/subresource].group}, the verbs a node has on any object. */
  private static final Map<String, Set<String>> ANY =
      Map.ofEntries(
          Map.entry("nodes.", READ),
          Map.entry("pods.", Set.of("get", "list", "watch", "create", "delete")),
          Map.entry("pods/status.", Set.of("get", "update", "patch")),
          Map.entry("pods/eviction.", Set.of("create")),
          Map.entry("services.", READ),
          Map.entry("endpoints.", READ),
          Map.entry("endpointslices.discovery.k8s.io", READ),
          Map.entry("namespaces.", READ),
          Map.entry("configmaps.", READ),
          Map.entry("secrets.", READ),
          Map.entry("serviceaccounts.", READ),
          Map.entry("serviceaccounts/token.", Set.of("create")),
          Map.entry("persistentvolumes.", READ),
          Map.entry("persistentvolumeclaims.", READ),
          Map.entry("persistentvolumeclaims/status.", Set.of("get", "update", "patch")),
          Map.entry("volumeattachments.storage.k8s.io", READ),
          Map.entry("csidrivers.storage.k8s.io", READ),
          Map.entry(
              "csinodes.storage.k8s.io",
              Set.of("get", "list", "watch", "create", "update", "patch", "delete")),
          Map.entry("runtimeclasses.node.k8s.io", READ),
          Map.entry("leases.coordination.k8s.io", READ),
          Map.entry("events.", WRITE),
          Map.entry("events.events.k8s.io", WRITE),
          Map.entry(
              "certificatesigningrequests.certificates.k8s.io",
              Set.of("get", "list", "watch", "create")),
          Map.entry("tokenreviews.authentication.k8s.io", Set.of("create")),
          Map.entry("selfsubjectreviews.authentication.k8s.io", Set.of("create")),
          Map.entry("subjectaccessreviews.authorization.k8s.io", Set.of("create")),
          Map.entry("selfsubjectaccessreviews.authorization.k8s.io", Set.of("create")));

  /** What it may change only if it bears the node's own name. */
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "nodes.", Set.of("update", "patch", "delete"),
          "nodes/status.", Set.of("get", "update", "patch"),
          "leases.coordination.k8s.io", Set.of("update", "patch", "delete"));

  /** The name of what is created is in its body; NodeRestriction would look there. */
  private static final Set<String> CREATED_BY_NODES =
      Set.of("nodes.", "leases.coordination.k8s.io");

  private NodeRules() {}

  static Decision decide(String username, Attributes attributes) {
    if (!attributes.isResource()) {
      return attributes.verb().equals("get") ? Decision.allow("") : Decision.deny("");
    }
    String what = attributes.resourceAndSubresource() + "." + attributes.group();
    if (ANY.getOrDefault(what, Set.of()).contains(attributes.verb())
        || (CREATED_BY_NODES.contains(what) && attributes.verb().equals("create"))) {
      return Decision.allow("");
    }
    if (!OWN.getOrDefault(what, Set.of()).contains(attributes.verb())) {
      return Decision.deny("a node has no need to do so");
    }
    return username.equals(PREFIX + attributes.name())
        ? Decision.allow("")
        : Decision.deny("a node may do so only to the object of its own name");
  }
}
