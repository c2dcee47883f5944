package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.custom.DeviceSelectors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Devices that are claimed: the resource.k8s.io group. */
final class DeviceRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final List<String> MODES = List.of("All", "ExactCount");
  private static final List<String> PLACES =
      List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection");

  private DeviceRules() {}

  static void register(KindTable table) {
    table.kind(
        "resource.v1.ResourceClaim",
        rules ->
            rules
                .always((o, c) -> claim(at(o, "spec"), SPEC, c))
                .onUpdate((o, old, c) -> Checks.immutable(o, old, FieldPath.ROOT, "spec", c)));
    table.kind(
        "resource.v1.ResourceClaimTemplate",
        rules ->
            rules
                .always((o, c) -> claim(at(o, "spec", "spec"), SPEC.child("spec"), c))
                .onUpdate((o, old, c) -> Checks.immutable(o, old, FieldPath.ROOT, "spec", c)));
    table.kind(
        "resource.v1.DeviceClass",
        rules -> rules.always((o, c) -> selectors(at(o, "spec"), SPEC, c)));
    table.kind("resource.v1.ResourceSlice", rules -> rules.always(DeviceRules::slice));
  }

  private static void claim(JsonNode spec, FieldPath path, Causes causes) {
    FieldPath requests = path.child("devices", "requests");
    Set<String> names = new HashSet<>();
    int i = 0;
    for (ObjectNode request : objects(spec, "devices", "requests")) {
      FieldPath item = requests.index(i++);
      new Checks(request, item, causes).name("name", Names::label);
      if (!names.add(text(request, "name"))) {
        causes.duplicate(item.child("name"), text(request, "name"));
      }
      boolean exactly = !absent(request, "exactly");
      boolean first = !empty(request, "firstAvailable");
      if (exactly == first) {
        if (exactly) {
          causes.invalid(
              item,
              "",
              "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set");
        } else {
          causes.required(item, "exactly one of `exactly` or `firstAvailable` is required");
        }
      }
      if (request.get("exactly") instanceof ObjectNode exact) {
        request(exact, item.child("exactly"), causes);
      }
      int j = 0;
      for (ObjectNode alternative : objects(request, "firstAvailable")) {
        FieldPath place = item.child("firstAvailable").index(j++);
        new Checks(alternative, place, causes).required("name").name("name", Names::label);
        request(alternative, place, causes);
      }
    }
    constraints(spec, path.child("devices", "constraints"), names, causes);
  }

  private static void request(ObjectNode request, FieldPath path, Causes causes) {
    new Checks(request, path, causes)
        .required("deviceClassName")
        .name("deviceClassName", Names::subdomain)
        .oneOf("allocationMode", MODES);
    boolean counted = !text(request, "allocationMode").equals("All");
    if (counted) {
      new Checks(request, path, causes).positive("count");
    } else if (at(request, "count").longValue() != 0) {
      causes.invalid(
          path.child("count"),
          at(request, "count"),
          "must not be specified when allocationMode is 'All'");
    }
    selectors(request, path, causes);
    int i = 0;
    for (ObjectNode toleration : objects(request, "tolerations")) {
      SchedulingRules.toleration(toleration, path.child("tolerations").index(i++), causes);
    }
  }

  private static void selectors(JsonNode holder, FieldPath path, Causes causes) {
    int i = 0;
    for (ObjectNode selector : objects(holder, "selectors")) {
      FieldPath item = path.child("selectors").index(i++);
      if (absent(selector, "cel")) {
        causes.required(item.child("cel"));
      } else if (empty(selector, "cel", "expression")) {
        causes.required(item.child("cel", "expression"));
      } else {
        FieldPath place = item.child("cel", "expression");
        String expression = text(selector, "cel", "expression");
        DeviceSelectors.problem(expression)
            .ifPresent(problem -> causes.invalid(place, expression, problem));
      }
    }
  }

  private static void constraints(JsonNode spec, FieldPath path, Set<String> names, Causes causes) {
    int i = 0;
    for (ObjectNode constraint : objects(spec, "devices", "constraints")) {
      FieldPath requests = path.index(i++).child("requests");
      int j = 0;
      for (JsonNode name : at(constraint, "requests")) {
        if (!names.contains(name.asText().split("/", 2)[0])) {
          causes.invalid(requests.index(j), name, "must be the name of a request in the claim");
        }
        j++;
      }
    }
  }

  private static void slice(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    VolumeSourceRules.driverName(spec, "driver", SPEC, causes);
    if (spec.get("pool") instanceof ObjectNode pool) {
      new Checks(pool, SPEC.child("pool"), causes)
          .required("name")
          .range("resourceSliceCount", 1, Long.MAX_VALUE, "must be greater than zero")
          .nonNegative("generation");
    }
    List<String> set =
        PLACES.stream().filter(f -> !empty(spec, f) && !text(spec, f).equals("false")).toList();
    if (set.isEmpty()) {
      causes.required(
          SPEC,
          "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is"
              + " required");
    } else if (set.size() > 1) {
      causes.invalid(
          SPEC,
          String.join(", ", set),
          "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is"
              + " required, but multiple fields are set");
    }
    Checks.unique(at(spec, "devices"), SPEC.child("devices"), "name", causes);
  }
}
