package dev.shiplog.api.schema;

import java.util.Set;

/**
 * A subresource such as {@code pods/status}.
 *
 * @param name last part of the path, for example {@code scale}
 * @param kind kind of its body
 * @param groupVersion group and version of its body; often not those of its resource (a {@code
 *     scale} is autoscaling/v1)
 * @param verbs what may be asked of it, as discovery and authorization name it
 * @param connect whether it is a stream or proxy and no object
 */
public record Subresource(
    String name, String kind, GroupVersion groupVersion, Set<String> verbs, boolean connect) {

  public Subresource {
    verbs = Set.copyOf(verbs);
  }
}
