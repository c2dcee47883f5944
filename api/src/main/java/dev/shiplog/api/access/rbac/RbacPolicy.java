package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.access.StateFollower;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Roles, and which of them each subject was granted where. Looking up what a subject has costs what
 * it has, not what there is: grants are found by subject, then by namespace, and bindings of the
 * same role to the same subject count as one. One writer at a time; any number of readers, which
 * may see a change of several bindings in part.
 */
public final class RbacPolicy implements StateFollower.Derived {

  static final String GROUP = "rbac.authorization.k8s.io";

  static final StorageResource ROLES = StorageResource.of("roles", GROUP);
  static final StorageResource CLUSTER_ROLES = StorageResource.of("clusterroles", GROUP);
  static final StorageResource ROLE_BINDINGS = StorageResource.of("rolebindings", GROUP);
  static final StorageResource CLUSTER_ROLE_BINDINGS =
      StorageResource.of("clusterrolebindings", GROUP);

  /** What it is derived from. */
  public static final List<StorageResource> SOURCES =
      List.of(ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS);

  /** Whom a role is granted to: a user (service accounts are users) or a group, by its name. */
  record Subject(boolean group, String name) {}

  /**
   * A role that a subject has.
   *
   * @param shown which binding says so, for people
   */
  record Grant(RoleRef role, String shown) {}

  /** Grants of one subject in one namespace: by role, then by the binding's name. */
  private static final class Scope extends ConcurrentHashMap<RoleRef, NavigableMap<String, Grant>> {
    private static final long serialVersionUID = 1L;
  }

  private final Map<RoleRef, List<PolicyRule>> roles = new ConcurrentHashMap<>();
  private final Map<Subject, Map<String, Scope>> grants = new ConcurrentHashMap<>();

  @Override
  public void change(StoredObject before, StoredObject after) {
    ObjectKey key = (after == null ? before : after).key();
    if (key.resource().equals(ROLES) || key.resource().equals(CLUSTER_ROLES)) {
      RoleRef role = new RoleRef(key.namespace(), key.name());
      if (after == null) {
        roles.remove(role);
      } else {
        roles.put(role, PolicyRule.listOf(after.tree()));
      }
      return;
    }
    // What stays granted is put again before it is taken away: no reader finds it missing.
    List<Granted> now = after == null ? List.of() : granted(key, after.tree());
    now.forEach(granted -> put(key, granted));
    if (before != null) {
      granted(key, before.tree()).stream()
          .filter(old -> now.stream().noneMatch(old::isSamePlace))
          .forEach(old -> remove(key, old));
    }
  }

  /** The rules of a role; empty if there is no such role. */
  Optional<List<PolicyRule>> rules(RoleRef role) {
    return Optional.ofNullable(roles.get(role));
  }

  /** What a subject has in a namespace (empty: in the whole cluster), one grant per role. */
  List<Grant> grants(Subject subject, String namespace) {
    Map<String, Scope> scopes = grants.get(subject);
    Scope scope = scopes == null ? null : scopes.get(namespace);
    if (scope == null) {
      return List.of();
    }
    List<Grant> found = new ArrayList<>(scope.size());
    for (NavigableMap<String, Grant> bindings : scope.values()) {
      Map.Entry<String, Grant> first = bindings.firstEntry();
      if (first != null) {
        found.add(first.getValue());
      }
    }
    return found;
  }

  /** What a binding says of one of its subjects. */
  private record Granted(Subject subject, Grant grant) {
    boolean isSamePlace(Granted other) {
      return subject.equals(other.subject) && grant.role().equals(other.grant.role());
    }
  }

  private static List<Granted> granted(ObjectKey key, JsonNode binding) {
    RoleRef role = RoleRef.of(binding, key.namespace());
    List<Granted> all = new ArrayList<>();
    for (JsonNode subject : binding.path("subjects")) {
      String name = subject.path("name").asText("");
      String kind = subject.path("kind").asText("");
      String where = subject.path("namespace").asText("");
      where = where.isEmpty() ? key.namespace() : where;
      switch (kind) {
        case "User" -> all.add(granted(key, role, false, name, kind, name));
        case "Group" -> all.add(granted(key, role, true, name, kind, name));
        case "ServiceAccount" -> {
          String user = "system:serviceaccount:" + where + ":" + name;
          all.add(granted(key, role, false, user, kind, name + "/" + where));
        }
        default -> {
          // Validation knows no other kind; one that got here grants nothing.
        }
      }
    }
    return all;
  }

  private static Granted granted(
      ObjectKey key, RoleRef role, boolean group, String name, String kind, String shownName) {
    boolean everywhere = key.namespace().isEmpty();
    String shown =
        "%s \"%s\" of %s \"%s\" to %s \"%s\""
            .formatted(
                everywhere ? "ClusterRoleBinding" : "RoleBinding",
                everywhere ? key.name() : key.name() + "/" + key.namespace(),
                role.kind(),
                role.name(),
                kind,
                shownName);
    return new Granted(new Subject(group, name), new Grant(role, shown));
  }

  private void put(ObjectKey key, Granted granted) {
    grants
        .computeIfAbsent(granted.subject(), _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(key.namespace(), _ -> new Scope())
        .computeIfAbsent(granted.grant().role(), _ -> new ConcurrentSkipListMap<>())
        .put(key.name(), granted.grant());
  }

  private void remove(ObjectKey key, Granted granted) {
    Map<String, Scope> scopes = grants.getOrDefault(granted.subject(), Map.of());
    Scope scope = scopes.get(key.namespace());
    NavigableMap<String, Grant> bindings = scope == null ? null : scope.get(granted.grant().role());
    if (bindings == null) {
      return;
    }
    bindings.remove(key.name());
    if (bindings.isEmpty()) {
      scope.remove(granted.grant().role());
    }
    if (scope.isEmpty()) {
      scopes.remove(key.namespace());
    }
    if (scopes.isEmpty()) {
      grants.remove(granted.subject());
    }
  }
}
