package dev.shiplog.streams.controllers.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What must hold after every single commit. Controllers act on what they have read, so between two
 * rests every size that was asked for since the first one may be the one they have in mind.
 */
final class Bounds {

  private final World world;
  private final TreeSet<Integer> replicas = new TreeSet<>();
  private final TreeSet<Integer> members = new TreeSet<>();
  private final Map<String, Change.Work> jobs = new HashMap<>();
  private long availableAtRest;
  private long daemonsAtRest;
  private int wantedReplicas = World.REPLICAS;
  private int wantedMembers = World.MEMBERS;

  Bounds(World world) {
    this.world = world;
    rested();
    world.loop.server().afterCommit(record -> check());
  }

  /**
   * All that can be done of what was asked for has been done. With a broken image that may leave
   * fewer pods available than wanted; then no fewer than that.
   */
  void rested() {
    replicas.clear();
    members.clear();
    replicas.add(wantedReplicas);
    members.add(wantedMembers);
    availableAtRest = world.available("web");
    daemonsAtRest = world.available("watch");
  }

  /** Something is about to be asked for. */
  void ask(Change change) {
    switch (change) {
      case Change.Scale(int number) -> {
        wantedReplicas = number;
        replicas.add(number);
      }
      case Change.Members(int number) -> {
        wantedMembers = number;
        members.add(number);
      }
      case Change.Work work -> jobs.put(work.name(), work);
      case Change.Image _, Change.Pause _, Change.MemberImage _, Change.DaemonImage _ -> {}
    }
  }

  private void check() {
    assertThat(world.active("web"))
        .as("pods of the Deployment")
        .isLessThanOrEqualTo(replicas.last() + World.MAX_SURGE);
    assertThat(world.available("web"))
        .as("available pods of the Deployment")
        .isGreaterThanOrEqualTo(
            Math.min(availableAtRest, replicas.first() - World.MAX_UNAVAILABLE));
    assertThat(world.active("db"))
        .as("members of the StatefulSet")
        .isLessThanOrEqualTo(members.last());
    assertThat(world.available("db"))
        .as("available members of the StatefulSet")
        .isGreaterThanOrEqualTo(members.first() - 1);
    checkDaemons();
    jobs.values().forEach(this::check);
  }

  private void checkDaemons() {
    assertThat(world.available("watch"))
        .as("available daemons")
        .isGreaterThanOrEqualTo(
            Math.min(daemonsAtRest, World.NODES.size() - World.MAX_UNAVAILABLE));
    Map<String, Long> byNode =
        world.podsOf("watch").stream()
            .filter(PodStates::isActive)
            .filter(PodStates::isScheduled)
            .collect(
                Collectors.groupingBy(pod -> pod.getSpec().getNodeName(), Collectors.counting()));
    assertThat(byNode)
        .as("daemons of a node")
        .allSatisfy((node, count) -> assertThat(count).isOne());
  }

  private void check(Change.Work work) {
    long running =
        world.podsOf(work.name()).stream().filter(pod -> !PodStates.isFinished(pod)).count();
    assertThat(running)
        .as("pods of %s at a time", work.name())
        .isLessThanOrEqualTo(work.parallelism());
    long made = world.podsOf(work.name()).stream().map(Pod::getMetadata).count();
    assertThat(made).as("pods of %s", work.name()).isLessThanOrEqualTo(work.completions());
    world
        .loop
        .server()
        .get(ResourceTypes.JOBS, "ns/" + work.name())
        .filter(job -> job.getStatus() != null && job.getStatus().getSucceeded() != null)
        .ifPresent(job ->
            assertThat(job.getStatus().getSucceeded())
                .as("counted successes of %s", work.name())
                .isLessThanOrEqualTo(work.completions()));
  }
}
