package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/** Security contexts of pods and containers. */
final class SecurityRules {

  private static final long LAST_ID = Integer.MAX_VALUE;
  private static final Pattern SYSCTL =
      Pattern.compile("[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*");

  private SecurityRules() {}

  static void ofPod(ObjectNode spec, FieldPath path, Causes causes) {
    if (!(spec.get("securityContext") instanceof ObjectNode context)) {
      return;
    }
    FieldPath field = path.child("securityContext");
    ids(context, field, causes);
    new Checks(context, field, causes).range("fsGroup", 0, LAST_ID);
    int i = 0;
    for (JsonNode group : at(context, "supplementalGroups")) {
      if (group.longValue() < 0 || group.longValue() > LAST_ID) {
        causes.invalid(
            field.child("supplementalGroups").index(i),
            group,
            "must be between 0 and " + LAST_ID + ", inclusive");
      }
      i++;
    }
    i = 0;
    for (ObjectNode sysctl : objects(context, "sysctls")) {
      FieldPath name = field.child("sysctls").index(i++).child("name");
      if (!text(sysctl, "name").isEmpty() && !SYSCTL.matcher(text(sysctl, "name")).matches()) {
        causes.invalid(name, text(sysctl, "name"), "must be the name of a kernel parameter");
      }
    }
    profile(context, field, causes);
  }

  static void ofContainer(ObjectNode container, FieldPath path, Causes causes) {
    if (!(container.get("securityContext") instanceof ObjectNode context)) {
      return;
    }
    ids(context, path, causes);
    profile(context, path, causes);
    JsonNode escalation = at(context, "allowPrivilegeEscalation");
    if (escalation.isBoolean() && !escalation.booleanValue()) {
      String otherwise = "cannot set `allowPrivilegeEscalation` to false and ";
      if (at(context, "privileged").booleanValue()) {
        causes.invalid(path, context, otherwise + "`privileged` to true");
      }
      if (at(context, "capabilities", "add").toString().contains("\"CAP_SYS_ADMIN\"")) {
        causes.invalid(path, context, otherwise + "`capabilities.Add` CAP_SYS_ADMIN");
      }
    }
  }

  private static void ids(ObjectNode context, FieldPath path, Causes causes) {
    new Checks(context, path, causes)
        .range("runAsUser", 0, LAST_ID)
        .range("runAsGroup", 0, LAST_ID);
  }

  private static void profile(ObjectNode context, FieldPath path, Causes causes) {
    for (String kind : new String[] {"seccompProfile", "appArmorProfile"}) {
      JsonNode profile = at(context, kind);
      boolean local = text(profile, "type").equals("Localhost");
      FieldPath file = path.child(kind, "localhostProfile");
      if (local && empty(profile, "localhostProfile")) {
        causes.required(file, "must be set when type is Localhost");
      } else if (!local && !absent(profile, "localhostProfile")) {
        causes.invalid(
            file, at(profile, "localhostProfile"), "can only be set when type is Localhost");
      }
    }
  }
}
