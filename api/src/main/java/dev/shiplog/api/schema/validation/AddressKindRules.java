package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Kinds that say which addresses there are: ranges of Services, addresses in use. */
final class AddressKindRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath RANGES = SPEC.child("cidrs");

  private AddressKindRules() {}

  static void register(KindTable table) {
    table.kind(
        "networking.v1.ServiceCIDR",
        rules -> rules.always(AddressKindRules::ranges).onUpdate(AddressKindRules::rangesStay));
    table.kind(
        "networking.v1.IPAddress",
        rules -> rules.named(AddressKindRules::name).always(AddressKindRules::parent));
  }

  private static List<String> name(String name) {
    return Addresses.isIp(name)
        ? List.of()
        : List.of("must be a valid IP address in its canonical form");
  }

  private static void ranges(ObjectNode object, Causes causes) {
    List<String> ranges = texts(object, "spec", "cidrs");
    if (ranges.isEmpty()) {
      causes.required(RANGES, "at least one CIDR required");
    }
    if (ranges.size() > 2) {
      causes.invalid(
          RANGES,
          at(object, "spec", "cidrs"),
          "may only hold up to 2 values, one for each IP family");
    }
    for (int i = 0; i < ranges.size(); i++) {
      Addresses.cidr(RANGES.index(i), ranges.get(i), causes);
    }
    if (ranges.size() == 2 && ranges.get(0).contains(":") == ranges.get(1).contains(":")) {
      causes.invalid(
          RANGES,
          at(object, "spec", "cidrs"),
          "may specify no more than one CIDR for each IP family");
    }
  }

  /** A range may be joined by one of the other family. */
  private static void rangesStay(ObjectNode object, ObjectNode old, Causes causes) {
    List<String> before = texts(old, "spec", "cidrs");
    List<String> after = texts(object, "spec", "cidrs");
    boolean joined =
        before.size() == 1 && after.size() == 2 && after.getFirst().equals(before.getFirst());
    if (!joined && !before.equals(after)) {
      causes.invalid(RANGES, at(object, "spec", "cidrs"), Checks.IMMUTABLE);
    }
  }

  private static void parent(ObjectNode object, Causes causes) {
    FieldPath path = SPEC.child("parentRef");
    if (absent(object, "spec", "parentRef")) {
      causes.required(path);
      return;
    }
    for (String field : List.of("resource", "name")) {
      if (empty(object, "spec", "parentRef", field)) {
        causes.required(path.child(field));
      }
    }
    if (at(object, "spec", "parentRef") instanceof ObjectNode parent) {
      new Checks(parent, path, causes)
          .name("group", Names::subdomain)
          .name("resource", Names::pathSegment)
          .name("name", Names::pathSegment)
          .name("namespace", Names::pathSegment);
    }
  }
}
