package dev.shiplog.api.schema;

import java.util.List;

/**
 * A served API group, as discovery lists it.
 *
 * @param name empty for the core group
 * @param versions served versions, the most preferred first; never empty
 */
public record ApiGroup(String name, List<String> versions) {

  public ApiGroup {
    versions = List.copyOf(versions);
  }

  public String preferredVersion() {
    return versions.getFirst();
  }
}
