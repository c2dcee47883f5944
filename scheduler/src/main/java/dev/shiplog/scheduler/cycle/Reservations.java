package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.cycle.Bunch.Placed;
import dev.shiplog.scheduler.framework.Reserve;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What {@link Reserve} plugins keep for pods that are not bound yet: each is told exactly once that
 * one of these does not come. One thread.
 */
final class Reservations {

  private static final Logger LOG = Logger.getLogger(Reservations.class);

  private final Cluster cluster;
  private final Cycles cycles;
  private final Map<String, Placed> byPod = new HashMap<>();

  Reservations(Cluster cluster, Cycles cycles) {
    this.cluster = cluster;
    this.cycles = cycles;
  }

  /** Reserves for all pods; what was reserved stays when one is turned down. */
  Optional<Rejection> reserve(Bunch bunch) {
    for (Placed each : bunch.pods()) {
      List<Reserve> plugins = cycles.profileOf(each.pod()).binding().reserve();
      if (!plugins.isEmpty()) {
        byPod.put(each.key(), each);
      }
      for (Reserve plugin : plugins) {
        Verdict verdict =
            plugin.reserve(each.pod(), cluster.node(each.placing().node()).orElseThrow(), cluster);
        if (!verdict.passes()) {
          return Optional.of(new Rejection(each, plugin.name(), verdict));
        }
      }
    }
    return Optional.empty();
  }

  /** A pod was bound as planned; from here on its plugins look after themselves. */
  void keep(String podKey) {
    byPod.remove(podKey);
  }

  /** A pod does not come. The plugins are told in reverse order, as in Kubernetes. */
  void release(String podKey) {
    Placed placed = byPod.remove(podKey);
    if (placed != null) {
      cycles
          .profileOf(placed.pod())
          .binding()
          .reserve()
          .reversed()
          .forEach(plugin -> unreserve(plugin, placed));
    }
  }

  private static void unreserve(Reserve plugin, Placed placed) {
    try {
      plugin.unreserve(placed.pod(), placed.placing().node());
    } catch (RuntimeException e) {
      LOG.errorf(e, "plugin %s failed to unreserve for pod %s", plugin.name(), placed.key());
    }
  }
}
