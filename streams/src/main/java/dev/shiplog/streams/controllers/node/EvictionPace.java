package dev.shiplog.streams.controllers.node;

import dev.shiplog.streams.kit.ResourceView;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How fast pods are driven from nodes that are not ready: in each zone one node after the other, so
 * that a fault of the network does not set a whole cluster in motion.
 *
 * <ul>
 *   <li>usually a node every ten seconds;
 *   <li>in a zone where more than half of the nodes are not ready, one every hundred seconds, and
 *       none if the zone is small: what is left could not take the pods;
 *   <li>none at all while no node of the cluster is ready: then it is more likely that nothing is
 *       heard than that nothing lives.
 * </ul>
 *
 * <p>The numbers are kube-controller-manager's. It remembers when it let the last one go; after a
 * fail-over the taints tell. Owned by the controllers' thread.
 */
final class EvictionPace {

  static final Duration USUAL = Duration.ofSeconds(10);
  static final Duration SLOW = Duration.ofSeconds(100);

  private static final double MANY = 0.55;
  private static final int FEW = 2;
  private static final int SMALL_ZONE = 50;

  private final Map<String, Instant> last = new HashMap<>();

  /** What may be done about a node that is not ready. */
  sealed interface Verdict {}

  /** Its pods may be driven away. */
  record Go() implements Verdict {}

  /** Not before so much time has passed. */
  record Wait(Duration time) implements Verdict {}

  /** Not while things are as they are. */
  record Stop() implements Verdict {}

  /** Asks for a node; a {@link Go} is taken to be used. The view has {@link NodesByZone}. */
  Verdict judge(Node node, ResourceView<Node> nodes, Instant now) {
    String zone = NodesByZone.zone(node);
    Optional<Duration> pause =
        pause(nodes.count(NodesByZone.ALL, zone), nodes.count(NodesByZone.READY, zone));
    if (nodes.count(NodesByZone.READY, NodesByZone.ANY) == 0 || pause.isEmpty()) {
      return new Stop();
    }
    Instant before = last.computeIfAbsent(zone, z -> told(nodes.find(NodesByZone.ALL, z)));
    Duration left = Duration.between(now, before.plus(pause.get()));
    if (left.isPositive()) {
      return new Wait(left);
    }
    last.put(zone, now);
    return new Go();
  }

  /** Between two nodes of a zone; empty where there must be none. */
  private static Optional<Duration> pause(int nodes, int ready) {
    int others = nodes - ready;
    boolean isDisturbed = ready > 0 && others > FEW && (double) others / nodes >= MANY;
    if (!isDisturbed) {
      return Optional.of(USUAL);
    }
    return nodes > SMALL_ZONE ? Optional.of(SLOW) : Optional.empty();
  }

  /** When whoever was in charge before let the last one of a zone go. */
  private static Instant told(Collection<Node> zone) {
    return zone.stream()
        .flatMap(node -> NodeTaints.of(node).stream())
        .filter(NodeTaints::drivesAway)
        .map(Taint::getTimeAdded)
        .filter(time -> time != null)
        .map(Instant::parse)
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }
}
