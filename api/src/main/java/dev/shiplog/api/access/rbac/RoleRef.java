package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Names a role.
 *
 * @param namespace of a Role; empty for a ClusterRole
 */
record RoleRef(String namespace, String name) {

  static RoleRef of(JsonNode binding, String namespace) {
    JsonNode ref = binding.path("roleRef");
    boolean isRole = ref.path("kind").asText().equals("Role");
    return new RoleRef(isRole ? namespace : "", ref.path("name").asText(""));
  }

  String kind() {
    return namespace.isEmpty() ? "ClusterRole" : "Role";
  }

  String plural() {
    return namespace.isEmpty() ? "clusterroles" : "roles";
  }

  /** Says that it is not there, as Kubernetes does. */
  String missing() {
    return "%s.%s \"%s\" not found"
        .formatted(namespace.isEmpty() ? "clusterrole" : "role", RbacPolicy.GROUP, name);
  }
}
