package dev.shiplog.api.access;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import java.util.Map;

/**
 * What somebody asks to do, as authorization sees it.
 *
 * @param verb get, list, watch, create, update, patch, delete, deletecollection; for other paths
 *     the HTTP method in lower case
 * @param group API group; empty for core
 * @param version API version
 * @param resource plural; empty if it is about a path
 * @param subresource may be empty
 * @param namespace empty for all, or where there are none
 * @param name empty if it is about no single object
 * @param path request path of what is no resource; else empty
 * @param fields what a field selector demands to be equal, by field
 */
public record Attributes(
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path,
    Map<String, String> fields) {

  /** Without a field selector. */
  public Attributes(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {
    this(verb, group, version, resource, subresource, namespace, name, path, Map.of());
  }

  public static Attributes ofPath(String verb, String path) {
    return new Attributes(verb, "", "", "", "", "", "", path);
  }

  public boolean isResource() {
    return !resource.isEmpty();
  }

  /** The same with a field selector; one for a name makes it about that object. */
  public Attributes selecting(Map<String, String> demanded) {
    return new Attributes(
        verb,
        group,
        version,
        resource,
        subresource,
        namespace,
        name.isEmpty() ? demanded.getOrDefault("metadata.name", "") : name,
        path,
        demanded);
  }

  /** The same asked with another verb. */
  public Attributes withVerb(String other) {
    return new Attributes(
        other, group, version, resource, subresource, namespace, name, path, fields);
  }

  /** {@code pods} or {@code pods/status}. */
  public String resourceAndSubresource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

  /** The refusal, worded as Kubernetes does. */
  public ApiFailure forbidden(String username, String reason) {
    String because = reason.isEmpty() ? "" : ": " + reason;
    if (!isResource()) {
      return Failures.failure(
          Reason.FORBIDDEN,
          "forbidden: User \"%s\" cannot %s path \"%s\"%s".formatted(username, verb, path, because),
          null);
    }
    return Failures.forbidden(
        group,
        resource,
        name,
        "User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s%s"
            .formatted(
                username,
                verb,
                resourceAndSubresource(),
                group,
                namespace.isEmpty()
                    ? "at the cluster scope"
                    : "in the namespace \"" + namespace + "\"",
                because));
  }
}
