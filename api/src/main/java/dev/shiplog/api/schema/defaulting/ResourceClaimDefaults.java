package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Requests for devices. */
final class ResourceClaimDefaults {

  private ResourceClaimDefaults() {}

  static void register(DefaultRules rules) {
    rules
        .type("resource.v1.ExactDeviceRequest")
        .value("allocationMode", "ExactCount")
        .rule(ResourceClaimDefaults::oneDevice);
    rules
        .type("resource.v1.DeviceSubRequest")
        .value("allocationMode", "ExactCount")
        .rule(ResourceClaimDefaults::oneDevice);
  }

  private static void oneDevice(ObjectNode request) {
    if (text(request, "allocationMode").equals("ExactCount") && absent(request, "count")) {
      request.put("count", 1);
    }
  }
}
