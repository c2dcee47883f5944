package dev.shiplog.streams.controllers.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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

  /** Asks for a node; a {@link Go} is taken to be used. */
  Verdict judge(Node node, Collection<Node> nodes, Instant now) {
    String zone = zone(node);
    List<Node> neighbours = nodes.stream().filter(it -> zone(it).equals(zone)).toList();
    Optional<Duration> pause = pause(neighbours);
    if (nodes.stream().noneMatch(EvictionPace::isReady) || pause.isEmpty()) {
      return new Stop();
    }
    Duration left =
        lastOf(zone, neighbours)
            .map(at -> Duration.between(now, at.plus(pause.get())))
            .orElse(Duration.ZERO);
    if (left.isPositive()) {
      return new Wait(left);
    }
    last.put(zone, now);
    return new Go();
  }

  /** Between two nodes of the zone; empty where there must be none. */
  private static Optional<Duration> pause(List<Node> zone) {
    long ready = zone.stream().filter(EvictionPace::isReady).count();
    long others = zone.size() - ready;
    boolean isDisturbed = ready > 0 && others > FEW && (double) others / zone.size() >= MANY;
    if (!isDisturbed) {
      return Optional.of(USUAL);
    }
    return zone.size() > SMALL_ZONE ? Optional.of(SLOW) : Optional.empty();
  }

  private Optional<Instant> lastOf(String zone, List<Node> nodes) {
    Optional<Instant> told =
        nodes.stream()
            .flatMap(node -> NodeTaints.of(node).stream())
            .filter(NodeTaints::drivesAway)
            .map(Taint::getTimeAdded)
            .filter(time -> time != null)
            .map(Instant::parse)
            .max(Instant::compareTo);
    Instant known = last.get(zone);
    return told.filter(at -> known == null || at.isAfter(known))
        .or(() -> Optional.ofNullable(known));
  }

  private static boolean isReady(Node node) {
    return NodeTaints.condition(node, "Ready")
        .filter(condition -> condition.getStatus().equals("True"))
        .isPresent();
  }

  private static String zone(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null
        ? ""
        : labels.getOrDefault("topology.kubernetes.io/region", "")
            + "/"
            + labels.getOrDefault("topology.kubernetes.io/zone", "");
  }
}
