package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import java.net.URI;
import java.util.Base64;

/**
 * Where a webhook listens ({@code clientConfig}).
 *
 * @param service null where there is a URL
 * @param caBundle PEM of the authorities it is trusted by; empty for the system's
 */
record WebhookAddress(URI url, ServiceName service, String caBundle) {

  private static final int HTTPS = 443;

  /** A port of a Service. */
  record ServiceName(String namespace, String name, int port, String path) {

    /** The name its certificate must have. */
    String host() {
      return name + "." + namespace + ".svc";
    }
  }

  static WebhookAddress of(JsonNode clientConfig) {
    String bundle =
        new String(
            Base64.getMimeDecoder().decode(Trees.text(clientConfig, "caBundle")),
            java.nio.charset.StandardCharsets.UTF_8);
    JsonNode service = clientConfig.path("service");
    if (!service.isObject()) {
      return new WebhookAddress(URI.create(Trees.text(clientConfig, "url")), null, bundle);
    }
    String path = Trees.text(service, "path");
    return new WebhookAddress(
        null,
        new ServiceName(
            Trees.text(service, "namespace"),
            Trees.text(service, "name"),
            service.path("port").asInt(HTTPS),
            path.startsWith("/") || path.isEmpty() ? path : "/" + path),
        bundle);
  }
}
