package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Groups and versions that extension servers serve. */
final class ApiServiceRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int LARGEST_GROUP_PRIORITY = 20_000;
  private static final int LARGEST_VERSION_PRIORITY = 1_000;

  private ApiServiceRules() {}

  static void register(KindTable table) {
    table.named(
        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
        rules -> rules.named(Names::pathSegment).always(ApiServiceRules::service));
  }

  private static void service(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    String required = text(spec, "version") + "." + text(spec, "group");
    if (!text(object, "metadata", "name").equals(required)) {
      causes.invalid(
          FieldPath.of("metadata", "name"),
          text(object, "metadata", "name"),
          "must be `spec.version+\".\"+spec.group`: \"" + required + "\"");
    }
    if (empty(spec, "group") && !text(spec, "version").equals("v1")) {
      causes.required(SPEC.child("group"), "only v1 may have an empty group");
    }
    new Checks(spec, SPEC, causes)
        .required("version")
        .name("version", Names::label1035)
        .name("group", Names::subdomain);
    priority(spec, "groupPriorityMinimum", LARGEST_GROUP_PRIORITY, causes);
    priority(spec, "versionPriority", LARGEST_VERSION_PRIORITY, causes);
    server(spec, causes);
  }

  private static void priority(ObjectNode spec, String field, int largest, Causes causes) {
    int priority = spec.path(field).intValue();
    if (priority <= 0 || priority > largest) {
      causes.invalid(
          SPEC.child(field),
          spec.numberNode(priority),
          "must be positive and less than " + largest);
    }
  }

  private static void server(ObjectNode spec, Causes causes) {
    boolean insecure = spec.path("insecureSkipTLSVerify").booleanValue();
    FieldPath skip = SPEC.child("insecureSkipTLSVerify");
    if (absent(spec, "service")) {
      if (!empty(spec, "caBundle")) {
        causes.invalid(
            SPEC.child("caBundle"),
            at(spec, "caBundle"),
            "local APIServices may not have a caBundle");
      }
      if (insecure) {
        causes.invalid(
            skip,
            at(spec, "insecureSkipTLSVerify"),
            "local APIServices may not have insecureSkipTLSVerify");
      }
      return;
    }
    if (spec.get("service") instanceof ObjectNode service) {
      new Checks(service, SPEC.child("service"), causes)
          .required("namespace")
          .required("name")
          .port("port");
    }
    if (insecure && !empty(spec, "caBundle")) {
      causes.invalid(
          skip, at(spec, "insecureSkipTLSVerify"), "may not be true if caBundle is present");
    }
  }
}
