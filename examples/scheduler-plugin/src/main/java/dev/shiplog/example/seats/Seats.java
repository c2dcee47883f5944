package dev.shiplog.example.seats;

import dev.shiplog.scheduler.framework.Bind;
import dev.shiplog.scheduler.framework.BindExtras;
import dev.shiplog.scheduler.framework.Candidates;
import dev.shiplog.scheduler.framework.ClusterEvent;
import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.NodeScore;
import dev.shiplog.scheduler.framework.Permission;
import dev.shiplog.scheduler.framework.Permit;
import dev.shiplog.scheduler.framework.PostBind;
import dev.shiplog.scheduler.framework.Reserve;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.NodeInfo;
import dev.shiplog.scheduler.model.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Floating licences: of the pods whose label {@code example.com/licence} names the same one, only
 * so many run at a time, and each is told its seat by the label {@code example.com/seat}. Nodes that
 * run pods of the licence already are preferred.
 */
final class Seats implements ClusterFilter, ClusterScore, Reserve, Permit, Bind, PostBind {

  static final String NAME = "Seats";
  private static final String LICENCE = "example.com/licence";
  private static final String SEAT = "example.com/seat";

  private final int seats;
  private final int together;
  private final Duration atMost;

  /** Seats of pods that are not bound yet, by the pods' uids; the others bear theirs. */
  private final Map<String, Seat> given = new HashMap<>();

  private record Seat(String licence, int number) {}

  Seats(int seats, int together, Duration atMost) {
    this.seats = seats;
    this.together = together;
    this.atMost = atMost;
  }

  @Override
  public String name() {
    return NAME;
  }

  private static String licenceOf(Pod pod) {
    return pod.labels().getOrDefault(LICENCE, "");
  }

  /** The numbers of the seats that pods have, bound or not. */
  private Set<Integer> taken(String licence, Cluster cluster) {
    Set<Integer> taken =
        cluster.pods().stream()
            .filter(pod -> pod.isBound() && !pod.finished() && licenceOf(pod).equals(licence))
            .filter(pod -> pod.labels().getOrDefault(SEAT, "").matches("\\d{1,5}"))
            .map(pod -> Integer.valueOf(pod.labels().get(SEAT)))
            .collect(Collectors.toCollection(TreeSet::new));
    given.values().stream()
        .filter(seat -> seat.licence().equals(licence))
        .forEach(seat -> taken.add(seat.number()));
    return taken;
  }

  @Override
  public Optional<NodeFilter> preFilter(Pod pod, Cluster cluster) {
    String licence = licenceOf(pod);
    if (licence.isEmpty() || taken(licence, cluster).size() < seats) {
      return Optional.empty();
    }
    Verdict none = Verdict.unresolvable("node(s) had no free seat of licence " + licence);
    return Optional.of(node -> none);
  }

  /** A seat comes free where a pod of the same licence goes. */
  @Override
  public boolean mayPassAfter(ClusterEvent event, Pod pod, Cluster cluster) {
    return event instanceof ClusterEvent.PodFreed freed
        && licenceOf(freed.pod()).equals(licenceOf(pod));
  }

  @Override
  public boolean score(Pod pod, Cluster cluster, Candidates candidates, long[] scores) {
    String licence = licenceOf(pod);
    if (licence.isEmpty()) {
      return false;
    }
    for (int i = 0; i < candidates.count(); i++) {
      scores[i] =
          candidates.node(i).pods().stream().anyMatch(other -> licenceOf(other).equals(licence))
              ? NodeScore.MAX
              : 0;
    }
    return true;
  }

  @Override
  public Verdict reserve(Pod pod, NodeInfo node, Cluster cluster) {
    String licence = licenceOf(pod);
    if (licence.isEmpty()) {
      return Verdict.PASS;
    }
    Set<Integer> taken = taken(licence, cluster);
    return IntStream.rangeClosed(1, seats)
        .filter(number -> !taken.contains(number))
        .mapToObj(number -> {
          given.put(pod.uid(), new Seat(licence, number));
          return Verdict.PASS;
        })
        .findFirst()
        .orElse(Verdict.unschedulable("node(s) had no free seat of licence " + licence));
  }

  @Override
  public void unreserve(Pod pod, String node) {
    given.remove(pod.uid());
  }

  @Override
  public Permission permit(Pod pod, NodeInfo node, Cluster cluster) {
    String licence = licenceOf(pod);
    return licence.isEmpty() || taken(licence, cluster).size() >= together
        ? new Permission.Allow()
        : new Permission.Wait(atMost);
  }

  @Override
  public Optional<BindExtras> bind(Pod pod, NodeInfo node) {
    return Optional.ofNullable(given.get(pod.uid()))
        .map(seat -> new BindExtras(Map.of(SEAT, Integer.toString(seat.number())), Map.of()));
  }

  /** From here on the pod's label tells. */
  @Override
  public void postBind(Pod pod, String node) {
    given.remove(pod.uid());
  }
}
