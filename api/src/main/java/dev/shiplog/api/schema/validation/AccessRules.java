package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Roles and their bindings. */
final class AccessRules {

  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final FieldPath ROLE_REF = FieldPath.of("roleRef");

  private AccessRules() {}

  static void register(KindTable table) {
    table.kind(
        "rbac.v1.Role",
        rules -> rules.named(Names::pathSegment).always((o, c) -> role(o, true, c)));
    table.kind(
        "rbac.v1.ClusterRole",
        rules -> rules.named(Names::pathSegment).always((o, c) -> role(o, false, c)));
    table.kind(
        "rbac.v1.RoleBinding",
        rules ->
            rules
                .named(Names::pathSegment)
                .always((o, c) -> binding(o, List.of("Role", "ClusterRole"), c))
                .onUpdate(AccessRules::roleStays));
    table.kind(
        "rbac.v1.ClusterRoleBinding",
        rules ->
            rules
                .named(Names::pathSegment)
                .always((o, c) -> binding(o, List.of("ClusterRole"), c))
                .onUpdate(AccessRules::roleStays));
  }

  private static void role(ObjectNode role, boolean namespaced, Causes causes) {
    int i = 0;
    for (ObjectNode rule : objects(role, "rules")) {
      FieldPath path = FieldPath.of("rules").index(i++);
      if (empty(rule, "verbs")) {
        causes.required(path.child("verbs"), "verbs must contain at least one value");
      }
      if (!empty(rule, "nonResourceURLs")) {
        if (namespaced) {
          causes.invalid(
              path.child("nonResourceURLs"),
              at(rule, "nonResourceURLs"),
              "namespaced rules cannot apply to non-resource URLs");
        }
        if (!empty(rule, "apiGroups") || !empty(rule, "resources")) {
          causes.invalid(
              path.child("nonResourceURLs"),
              at(rule, "nonResourceURLs"),
              "rules cannot apply to both regular resources and non-resource URLs");
        }
        continue;
      }
      if (empty(rule, "apiGroups")) {
        causes.required(
            path.child("apiGroups"), "resource rules must supply at least one api group");
      }
      if (empty(rule, "resources")) {
        causes.required(
            path.child("resources"), "resource rules must supply at least one resource");
      }
    }
    int j = 0;
    for (ObjectNode selector : objects(role, "aggregationRule", "clusterRoleSelectors")) {
      Selectors.validate(
          selector, FieldPath.of("aggregationRule", "clusterRoleSelectors").index(j++), causes);
    }
  }

  private static void binding(ObjectNode binding, List<String> kinds, Causes causes) {
    if (binding.get("roleRef") instanceof ObjectNode role) {
      new Checks(role, ROLE_REF, causes)
          .oneOf("apiGroup", List.of(RBAC))
          .oneOf("kind", kinds)
          .required("name")
          .name("name", Names::pathSegment);
    }
    int i = 0;
    for (ObjectNode subject : objects(binding, "subjects")) {
      subject(subject, FieldPath.of("subjects").index(i++), causes);
    }
  }

  private static void subject(ObjectNode subject, FieldPath path, Causes causes) {
    Checks checks = new Checks(subject, path, causes).required("name");
    switch (text(subject, "kind")) {
      case "ServiceAccount" -> {
        checks.name("name", Names::subdomain).oneOf("apiGroup", List.of("")).required("namespace");
      }
      case "User", "Group" -> checks.oneOf("apiGroup", List.of(RBAC));
      default ->
          causes.notSupported(
              path.child("kind"),
              text(subject, "kind"),
              List.of("ServiceAccount", "User", "Group"));
    }
  }

  private static void roleStays(ObjectNode binding, ObjectNode old, Causes causes) {
    if (!at(binding, "roleRef").equals(at(old, "roleRef"))) {
      causes.invalid(ROLE_REF, at(binding, "roleRef"), "cannot change roleRef");
    }
  }
}
