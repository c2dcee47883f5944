package dev.shiplog.api.access.node;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.UserRules;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Allows a node agent what Kubernetes' Node authorizer allows: objects that its pods need one by
 * one, its own Node, Lease and CSINode, its pods, and little more. Has no opinion on others. Any
 * thread.
 */
public final class NodeAuthorizer implements Authorizer {

  private static final String GROUP = "system:nodes";
  private static final String PREFIX = "system:node:";
  private static final String LEASES = "kube-node-lease";

  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> CHANGE = Set.of("update", "patch");
  private static final Set<String> TELL = Set.of("create", "update", "patch");
  private static final Decision YES = Decision.allow("");

  /** By {@code resource[/subresource].group}, the verbs a node has on any object. */
  private static final Map<String, Set<String>> ANY =
      Map.ofEntries(
          Map.entry("services.", READ),
          Map.entry("endpoints.", Set.of("get")),
          Map.entry("endpointslices.discovery.k8s.io", READ),
          Map.entry("csidrivers.storage.k8s.io", READ),
          Map.entry("runtimeclasses.node.k8s.io", READ),
          Map.entry("events.", TELL),
          Map.entry("events.events.k8s.io", TELL),
          Map.entry(
              "certificatesigningrequests.certificates.k8s.io",
              Set.of("get", "list", "watch", "create")),
          Map.entry("tokenreviews.authentication.k8s.io", Set.of("create")),
          Map.entry("selfsubjectreviews.authentication.k8s.io", Set.of("create")),
          Map.entry("subjectaccessreviews.authorization.k8s.io", Set.of("create")),
          Map.entry("localsubjectaccessreviews.authorization.k8s.io", Set.of("create")),
          Map.entry("selfsubjectaccessreviews.authorization.k8s.io", Set.of("create")));

  private final Supplier<NodeGraph> graph;

  /**
   * The authorizer.
   *
   * @param graph what nodes need as of now
   */
  public NodeAuthorizer(Supplier<NodeGraph> graph) {
    this.graph = graph;
  }

  @Override
  public Decision authorize(UserInfo user, Attributes asked) {
    Optional<String> node = nodeOf(user);
    return node.isEmpty() || !asked.isResource() ? Decision.deny("") : decide(node.get(), asked);
  }

  @Override
  public UserRules rules(UserInfo user, String namespace) {
    return nodeOf(user).isEmpty()
        ? UserRules.NONE
        : new UserRules(List.of(), "node authorizer does not support user rule resolution");
  }

  private static Optional<String> nodeOf(UserInfo user) {
    return user.groups().contains(GROUP) && user.username().startsWith(PREFIX)
        ? Optional.of(user.username().substring(PREFIX.length()))
        : Optional.empty();
  }

  private Decision decide(String node, Attributes asked) {
    String what = asked.resourceAndSubresource() + "." + asked.group();
    return switch (what) {
      case "secrets.", "configmaps." -> readsOne(node, asked);
      case "serviceaccounts." -> needed(node, asked, Set.of("get"));
      case "serviceaccounts/token." -> needed(node, asked, Set.of("create"));
      case "persistentvolumeclaims." -> needed(node, asked, Set.of("get"));
      case "persistentvolumeclaims/status." ->
          needed(node, asked, Set.of("get", "update", "patch"));
      case "persistentvolumes." ->
          related(
              node,
              asked,
              Set.of("get"),
              !asked.name().isEmpty() && mayLookFor(node, asked.name()));
      case "volumeattachments.storage.k8s.io" ->
          related(
              node,
              asked,
              Set.of("get"),
              !asked.name().isEmpty() && graph.get().isAttachedTo(node, asked.name()));
      case "nodes.", "csinodes.storage.k8s.io" -> own(node, asked, true);
      case "nodes/status." -> own(node, asked, false);
      case "leases.coordination.k8s.io" ->
          asked.namespace().equals(LEASES)
              ? own(node, asked, true)
              : Decision.deny(
                  "can only access leases in the \"%s\" system namespace".formatted(LEASES));
      case "pods.", "pods/status.", "pods/eviction." -> pods(node, asked);
      default -> ANY.getOrDefault(what, Set.of()).contains(asked.verb()) ? YES : Decision.deny("");
    };
  }

  /** A volume that lay on the node and is gone has left a directory there. */
  private boolean mayLookFor(String node, String volume) {
    return graph.get().needsVolume(node, volume) || !graph.get().liesElsewhere(node, volume);
  }

  /** A list or a watch of one object is a read of it. */
  private Decision readsOne(String node, Attributes asked) {
    if (!READ.contains(asked.verb())) {
      return Decision.deny("can only read resources of this type");
    }
    if (asked.name().isEmpty()) {
      return Decision.deny("No Object name found");
    }
    return needed(node, asked, READ);
  }

  private Decision needed(String node, Attributes asked, Set<String> verbs) {
    Reference wanted = new Reference(asked.resource(), asked.namespace(), asked.name());
    return related(node, asked, verbs, !asked.name().isEmpty() && graph.get().needs(node, wanted));
  }

  private static Decision related(
      String node, Attributes asked, Set<String> verbs, boolean related) {
    if (!verbs.contains(asked.verb())) {
      return Decision.deny("can only %s this".formatted(String.join(", ", verbs)));
    }
    return related
        ? YES
        : Decision.deny("no relationship found between node '%s' and this object".formatted(node));
  }

  /** The name of what is created is in its body; NodeRestriction looks there. */
  private static Decision own(String node, Attributes asked, boolean creates) {
    boolean known =
        READ.contains(asked.verb())
            || CHANGE.contains(asked.verb())
            || (asked.verb().equals("delete") && creates);
    if (asked.verb().equals("create") && creates) {
      return YES;
    }
    if (!known) {
      return Decision.deny("");
    }
    return asked.name().equals(node)
        ? YES
        : Decision.deny("can only access the object with the requesting node's name");
  }

  private Decision pods(String node, Attributes asked) {
    switch (asked.verb()) {
      case "create" -> {
        return YES;
      }
      case "list", "watch" -> {
        if (node.equals(asked.fields().get("spec.nodeName"))) {
          return YES;
        }
        if (asked.name().isEmpty()) {
          return Decision.deny("can only list/watch pods with spec.nodeName field selector");
        }
      }
      case "get", "delete" -> {}
      case "update", "patch" -> {
        if (!asked.subresource().equals("status")) {
          return Decision.deny("");
        }
      }
      default -> {
        return Decision.deny("");
      }
    }
    // Of a pod that is gone the verb itself says so.
    Optional<String> bound = graph.get().nodeOf(asked.namespace(), asked.name());
    return bound.isEmpty() ? unbound(asked) : decideBound(node, bound.get());
  }

  private static Decision unbound(Attributes asked) {
    return READ.contains(asked.verb()) && !asked.verb().equals("get")
        ? Decision.deny("can only list/watch pods with spec.nodeName field selector")
        : YES;
  }

  private static Decision decideBound(String node, String bound) {
    return bound.equals(node)
        ? YES
        : Decision.deny("no relationship found between node '%s' and this object".formatted(node));
  }
}
