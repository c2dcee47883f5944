package dev.shiplog.api.http;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.custom.CustomVersion;
import java.util.List;
import java.util.Map;

/** What every request to a resource is told whose time is over. */
final class Deprecations {

  /** Of the built-in resources, by plural of the core group. */
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "componentstatuses", "v1 ComponentStatus is deprecated in v1.19+",
          "endpoints",
              "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");

  private Deprecations() {}

  static List<String> of(ResourceType type) {
    if (type.custom().isPresent()) {
      return type.custom().map(CustomVersion::warnings).orElse(List.of());
    }
    String text = type.group().isEmpty() ? BUILT_IN.get(type.plural()) : null;
    return text == null ? List.of() : List.of(text);
  }
}
