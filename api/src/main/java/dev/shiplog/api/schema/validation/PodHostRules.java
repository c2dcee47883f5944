package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pod shares with its node, and on which kind of node it can be. */
final class PodHostRules {

  private static final List<String> SYSTEMS = List.of("linux", "windows");
  private static final List<String> HOST_SPACES = List.of("hostPID", "hostIPC", "hostNetwork");

  /** Of the pod's security context, what means nothing outside Linux. */
  private static final List<String> LINUX_CONTEXT =
      List.of(
          "seLinuxOptions",
          "seccompProfile",
          "appArmorProfile",
          "fsGroup",
          "fsGroupChangePolicy",
          "sysctls",
          "runAsUser",
          "runAsGroup",
          "supplementalGroups");

  private PodHostRules() {}

  static void validate(ObjectNode spec, FieldPath path, Causes causes) {
    boolean shares = at(spec, "shareProcessNamespace").booleanValue();
    if (shares && at(spec, "hostPID").booleanValue()) {
      causes.invalid(
          path.child("shareProcessNamespace"),
          at(spec, "shareProcessNamespace"),
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    if (at(spec, "hostUsers").isBoolean() && !at(spec, "hostUsers").booleanValue()) {
      for (String space : HOST_SPACES) {
        if (at(spec, space).booleanValue()) {
          causes.forbidden(path.child(space), "when `hostUsers` is false");
        }
      }
    }
    system(spec, path, causes);
    claims(spec, path, causes);
  }

  private static void system(ObjectNode spec, FieldPath path, Causes causes) {
    if (absent(spec, "os")) {
      return;
    }
    String name = text(spec, "os", "name");
    if (name.isEmpty()) {
      causes.required(path.child("os", "name"));
    } else if (!SYSTEMS.contains(name)) {
      causes.notSupported(path.child("os", "name"), name, SYSTEMS);
    }
    if (name.equals("windows")) {
      windows(spec, path, causes);
    } else if (!absent(spec, "securityContext", "windowsOptions")) {
      causes.forbidden(
          path.child("securityContext", "windowsOptions"),
          "windows options cannot be set for a linux pod");
    }
  }

  private static void windows(ObjectNode spec, FieldPath path, Causes causes) {
    String otherwise = "cannot be set for a windows pod";
    for (String field : List.of("hostPID", "hostIPC", "shareProcessNamespace")) {
      if (at(spec, field).booleanValue()) {
        causes.forbidden(path.child(field), otherwise);
      }
    }
    for (String field : LINUX_CONTEXT) {
      if (!empty(spec, "securityContext", field)) {
        causes.forbidden(path.child("securityContext", field), otherwise);
      }
    }
  }

  /** Each claim is from one source; containers use those of the pod. */
  private static void claims(ObjectNode spec, FieldPath path, Causes causes) {
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode claim : objects(spec, "resourceClaims")) {
      FieldPath item = path.child("resourceClaims").index(i++);
      if (!names.add(text(claim, "name"))) {
        causes.duplicate(item.child("name"), text(claim, "name"));
      }
      boolean named = !absent(claim, "resourceClaimName");
      boolean made = !absent(claim, "resourceClaimTemplateName");
      if (named == made) {
        causes.invalid(
            item,
            claim,
            named
                ? "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be"
                    + " specified"
                : "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
      }
    }
    for (String list : List.of("containers", "initContainers")) {
      int j = 0;
      for (ObjectNode container : objects(spec, list)) {
        FieldPath used = path.child(list).index(j++).child("resources", "claims");
        int k = 0;
        for (ObjectNode claim : objects(container, "resources", "claims")) {
          if (!names.contains(text(claim, "name"))) {
            causes.notFound(used.index(k), text(claim, "name"));
          }
          k++;
        }
      }
    }
  }
}
