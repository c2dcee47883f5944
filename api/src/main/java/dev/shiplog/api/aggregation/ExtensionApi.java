package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Trust;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.Snapshot;

/**
 * A group and version that another server serves: an APIService, read. Immutable; any thread.
 *
 * @param name of the APIService
 * @param namespace of the Service behind which the server is
 * @param service name of it
 * @param port of it
 * @param groupPriority the greater, the earlier its group is listed
 * @param versionPriority the greater, the earlier it is listed in its group
 * @param available as its status says
 */
public record ExtensionApi(
    String name,
    GroupVersion groupVersion,
    String namespace,
    String service,
    int port,
    Trust trust,
    int groupPriority,
    int versionPriority,
    boolean available) {

  private static final int HTTPS = 443;

  /** Reads an APIService that names a Service. */
  static ExtensionApi of(JsonNode tree) {
    JsonNode spec = tree.path("spec");
    JsonNode service = spec.path("service");
    boolean careless = spec.path("insecureSkipTLSVerify").asBoolean(false);
    return new ExtensionApi(
        Trees.text(tree, "metadata", "name"),
        new GroupVersion(Trees.text(spec, "group"), Trees.text(spec, "version")),
        Trees.text(service, "namespace"),
        Trees.text(service, "name"),
        service.path("port").asInt(HTTPS),
        careless ? Trust.anything() : Trust.of(spec.path("caBundle")),
        spec.path("groupPriorityMinimum").asInt(0),
        spec.path("versionPriority").asInt(0),
        isAvailable(tree));
  }

  /** Whether an APIService leaves its group and version to the API server itself. */
  static boolean isLocal(JsonNode tree) {
    return Trees.absent(tree, "spec", "service");
  }

  private static boolean isAvailable(JsonNode tree) {
    for (JsonNode condition : tree.path("status").path("conditions")) {
      if (Trees.text(condition, "type").equals("Available")) {
        return Trees.text(condition, "status").equals("True");
      }
    }
    return false;
  }

  /**
   * Where its server is now.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code ServiceUnavailable} if it is nowhere
   */
  public Remote remote(Snapshot state) {
    return Remote.of(namespace, service, port, "", trust, state);
  }
}
