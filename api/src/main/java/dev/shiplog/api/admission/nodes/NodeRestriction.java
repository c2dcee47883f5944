package dev.shiplog.api.admission.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps a node agent to its own Node, its own pods and what belongs to them. Authorization says
 * which kinds of objects it may write; which of them are its own shows only in the objects.
 */
public final class NodeRestriction implements AdmissionPlugin {

  private static final String GROUP = "system:nodes";
  private static final String PREFIX = "system:node:";
  private static final String LEASES = "kube-node-lease";
  private static final StorageResource PODS = StorageResource.of("pods", "");

  private final NodeTokens tokens;

  /**
   * The plug-in.
   *
   * @param authorizer says for which other audiences nodes may have tokens
   */
  public NodeRestriction(Authorizer authorizer) {
    this.tokens = new NodeTokens(authorizer);
  }

  @Override
  public String name() {
    return "NodeRestriction";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.caller().user().groups().contains(GROUP)
        && request.operation() != Operation.CONNECT;
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    String username = request.caller().user().username();
    if (!username.startsWith(PREFIX) || username.length() == PREFIX.length()) {
      throw request
          .target()
          .forbidden("could not determine node from user \"%s\"".formatted(username));
    }
    check(request, username.substring(PREFIX.length()));
    return Admission.DONE;
  }

  private void check(AdmissionRequest request, String node) {
    String subresource = request.target().subresource();
    String what =
        request.target().type().qualifiedName() + (subresource.isEmpty() ? "" : "/" + subresource);
    switch (what) {
      case "pods" -> pod(request, node);
      case "pods/status" -> podStatus(request, node);
      case "pods/eviction" -> requireOwnPod(request, node, stored(request));
      case "nodes", "nodes/status" -> NodeChanges.check(request, node);
      case "persistentvolumeclaims/status" -> claimStatus(request, node);
      case "serviceaccounts/token" -> tokens.check(request, node);
      case "leases.coordination.k8s.io" -> lease(request, node);
      case "csinodes.storage.k8s.io" -> requireName(request, node, "CSINode");
      case "resourceslices.resource.k8s.io" -> slice(request, node);
      case "certificatesigningrequests.certificates.k8s.io" ->
          NodeCertificates.check(request, node);
      default -> {} // what is left is authorization's business
    }
  }

  private static void pod(AdmissionRequest request, String node) {
    switch (request.operation()) {
      case CREATE -> MirrorPods.check(request, node);
      case DELETE -> requireOwnPod(request, node, request.before());
      case UPDATE, CONNECT ->
          throw request
              .target()
              .forbidden(
                  "unexpected operation UPDATE, node \"%s\" can only create and delete mirror pods"
                      .formatted(node));
    }
  }

  private static void podStatus(AdmissionRequest request, String node) {
    requireOwnPod(request, node, request.before());
    if (!metadata(request.before(), "labels").equals(metadata(request.object(), "labels"))) {
      throw request
          .target()
          .forbidden("node \"%s\" cannot update labels through pod status".formatted(node));
    }
    if (!claims(request.before()).equals(claims(request.object()))) {
      throw request
          .target()
          .forbidden("node \"%s\" cannot update resource claim statuses".formatted(node));
    }
  }

  /** Which claims the pod's were made into: whatever is named here, its node may read. */
  private static Map<String, String> claims(ObjectNode pod) {
    Map<String, String> claims = new TreeMap<>();
    for (ObjectNode status : Trees.objects(pod, "status", "resourceClaimStatuses")) {
      claims.put(Trees.text(status, "name"), Trees.text(status, "resourceClaimName"));
    }
    return claims;
  }

  private static ObjectNode stored(AdmissionRequest request) {
    return request
        .state()
        .get(new ObjectKey(PODS, request.target().namespace(), request.target().name()))
        .map(StoredObject::tree)
        .orElseThrow(request.target()::notFound);
  }

  private static void requireOwnPod(AdmissionRequest request, String node, ObjectNode pod) {
    if (!Trees.text(pod, "spec", "nodeName").equals(node)) {
      throw refused(request, node, "pods with spec.nodeName set to itself");
    }
  }

  private static void claimStatus(AdmissionRequest request, String node) {
    ObjectNode before = request.before().deepCopy();
    ObjectNode after = request.object().deepCopy();
    for (ObjectNode claim : new ObjectNode[] {before, after}) {
      Trees.child(claim, "metadata").remove(List.of("resourceVersion", "managedFields"));
      Trees.child(claim, "status")
          .remove(
              List.of(
                  "capacity",
                  "conditions",
                  "allocatedResources",
                  "allocatedResourceStatuses",
                  "currentVolumeAttributesClassName",
                  "modifyVolumeStatus"));
    }
    if (!before.equals(after)) {
      throw request
          .target()
          .forbidden(
              "node \"%s\" is not allowed to update fields other than status.capacity and status.conditions"
                  .formatted(node));
    }
  }

  private static void lease(AdmissionRequest request, String node) {
    if (!request.target().namespace().equals(LEASES)) {
      throw refused(request, node, "leases in the namespace \"" + LEASES + "\"");
    }
    requireName(request, node, "lease");
  }

  private static void requireName(AdmissionRequest request, String node, String what) {
    if (!request.target().name().equals(node)) {
      throw refused(request, node, what + " with the same name as the requesting node");
    }
  }

  private static void slice(AdmissionRequest request, String node) {
    ObjectNode slice = request.object() == null ? request.before() : request.object();
    if (!Trees.text(slice, "spec", "nodeName").equals(node)) {
      throw refused(request, node, "ResourceSlices with spec.nodeName set to itself");
    }
  }

  private static JsonNode metadata(ObjectNode object, String field) {
    JsonNode found = Trees.at(object, "metadata", field);
    return found.isEmpty() ? object.objectNode() : found;
  }

  static ApiFailure refused(AdmissionRequest request, String node, String what) {
    return request.target().forbidden("node \"%s\" can only write %s".formatted(node, what));
  }
}
