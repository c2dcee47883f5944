package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.model.PodShape;
import dev.shiplog.scheduler.model.Resources;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Extended resources that somebody else looks after.
 *
 * @param names resources by their names
 * @param groups resources by what stands before the slash
 */
public record IgnoredResources(Set<String> names, Set<String> groups) {

  public static final IgnoredResources NONE = new IgnoredResources(Set.of(), Set.of());

  public IgnoredResources {
    names = Set.copyOf(names);
    groups = Set.copyOf(groups);
  }

  PodShape without(PodShape shape) {
    if (shape.requests().extended().keySet().stream().noneMatch(this::ignores)) {
      return shape;
    }
    Resources all = shape.requests();
    Map<String, Long> minded = new HashMap<>(all.extended());
    minded.keySet().removeIf(this::ignores);
    return shape.withRequests(
        new Resources(all.cpuMilli(), all.memoryBytes(), all.ephemeralBytes(), minded));
  }

  private boolean ignores(String resource) {
    int slash = resource.indexOf('/');
    return names.contains(resource) || (slash > 0 && groups.contains(resource.substring(0, slash)));
  }
}
