package dev.shiplog.api.schema;

/**
 * An API group at a version.
 *
 * @param group empty for the core group
 */
public record GroupVersion(String group, String version) {

  /** Reads an {@code apiVersion}: {@code v1}, {@code apps/v1}. */
  public static GroupVersion parse(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersion("", apiVersion)
        : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /** As {@code apiVersion} has it. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return apiVersion();
  }
}
