package dev.shiplog.agent.server;

import dev.shiplog.agent.usage.NodeUsage;
import dev.shiplog.agent.usage.UsageMeter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of the nodes of a process. Any thread. */
public final class MeteredNodes implements NodeUsages {

  private final Map<String, UsageMeter> meters = new ConcurrentHashMap<>();

  /** Adds a node. */
  public void add(UsageMeter meter) {
    meters.put(meter.node(), meter);
  }

  @Override
  public NodeUsage usage(String node) {
    if (node.isEmpty() && meters.size() > 1) {
      throw RefusedException.badRequest(
          "this server answers for %d nodes: name one with ?node=NAME".formatted(meters.size()));
    }
    UsageMeter meter =
        node.isEmpty() ? meters.values().stream().findFirst().orElse(null) : meters.get(node);
    if (meter == null) {
      throw RefusedException.notFound("nodes \"" + node + "\" not found");
    }
    return meter.read();
  }
}
