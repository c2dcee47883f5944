package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.testing.Objects;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A scheduler against a world in which everything arrives late and in any order between topics,
 * commands are refused and lost, pods and nodes come and go, pods preempt each other, somebody else
 * binds pods too, and the scheduler is replaced while its predecessor does not know it yet. The
 * server checks after each binding that no node is overcommitted.
 */
class SchedulerSimulationTest {

  private static final int STEPS = 6_000;
  private static final String TAINTED = "{taints: [{key: 'k', effect: 'NoSchedule'}]}";

  private SimulatedServer server;
  private Scheduler scheduler;
  private Optional<Scheduler> predecessor = Optional.empty();
  private boolean othersTakeRoom;
  private Random random;
  private long nowMs;
  private int podCount;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 24);
  }

  static LongStream otherSeeds() {
    return LongStream.rangeClosed(101, 116);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noNodeIsEverOvercommittedAndNoPodForgotten(long seed) {
    simulate(seed, new SimulatedServer(false));
  }

  /**
   * What no scheduler can know when it decides: nodes shrink, and another scheduler fills them.
   * Then the server refuses what has no room any more, and all that still fits finds its place.
   */
  @ParameterizedTest
  @MethodSource("otherSeeds")
  void noPodIsForgottenWhereNodesShrinkAndOthersTakeTheirRoom(long seed) {
    othersTakeRoom = true;
    simulate(seed, new SimulatedServer(true));
    assertThat(server.refusedForRoom()).as("refused for room").isPositive();
  }

  private void simulate(long seed, SimulatedServer world) {
    random = new Random(seed);
    server = world;
    replaceScheduler();
    for (int step = 0; step < STEPS; step++) {
      passTime(random.nextInt(40));
      happen();
    }
    settle();
    assertEveryPodIsWhereItBelongs();
  }

  /** One thing happens, most often one that moves the scheduler on. */
  private void happen() {
    switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4, 5 -> createPod();
      case 6, 7 -> anyPod(p -> true, p -> server.removePod(p.key()));
      case 8 -> anyPod(p -> true, p -> server.putPod(PodEdits.beingDeleted(p)));
      case 9 -> anyPod(Pod::isBound, p -> server.putPod(PodEdits.ended(p)));
      case 10 -> anyPod(Pod::isPending, this::bindByAnother);
      case 11 -> anyPod(p -> true, this::replacePod);
      case 12 -> server.putNode(randomNode());
      case 13 -> changeNodes();
      case 14 -> passTime(random.nextInt(5_000));
      case 15, 16, 17, 18, 19, 20 -> executeCommand();
      case 21, 22, 23, 24, 25, 26, 27, 28 -> read(server.podReads);
      case 29, 30 -> read(server.nodeReads);
      case 31, 32, 33, 34 -> read(server.outcomeReads);
      case 35 -> predecessor.ifPresent(former -> former.run(1 + random.nextInt(5), nowMs));
      default -> scheduler.run(1 + random.nextInt(5), nowMs);
    }
  }

  private void changeNodes() {
    switch (random.nextInt(12)) {
      case 0 -> replaceScheduler();
      case 1, 2 -> any(server.nodes.keySet(), n -> true, server::removeNode);
      default -> any(server.nodes.keySet(), n -> true, this::toggleTaint);
    }
  }

  private void bindByAnother(Pod pod) {
    if (othersTakeRoom) {
      any(server.nodes.keySet(), n -> true, name -> server.bind(pod, name));
    } else {
      server.putPod(PodEdits.boundTo(pod, "elsewhere"));
    }
  }

  private Node randomNode() {
    return node("n" + random.nextInt(8), random.nextInt(3) == 0 ? TAINTED : "{}", size());
  }

  private void toggleTaint(String name) {
    boolean isTainted = !server.nodes.get(name).taints().isEmpty();
    server.putNode(node(name, isTainted ? "{}" : TAINTED, size()));
  }

  /** No scheduler alone can keep what it bound before a node shrank from being too much. */
  private int size() {
    return othersTakeRoom ? 1 + random.nextInt(4) : 4;
  }

  private static Node node(String name, String spec, int cores) {
    return Objects.node(
        name, "{spec: %s, status: {allocatable: {cpu: '%d'}}}".formatted(spec, cores));
  }

  private void createPod() {
    String name = "p" + podCount++;
    server.putPod(randomPod(name, "uid-" + name));
  }

  private void replacePod(Pod pod) {
    server.removePod(pod.key());
    server.putPod(randomPod(pod.name(), pod.uid() + "'"));
  }

  private Pod randomPod(String name, String uid) {
    return podOf(
        name,
        """
        {metadata: {uid: "%s"},
         spec: {priority: %d, tolerations: [%s],
                containers: [{resources: {requests: {cpu: '%d', memory: '%dGi'}}}]}}
        """
            .formatted(
                uid,
                random.nextInt(3),
                random.nextBoolean() ? "{operator: 'Exists'}" : "",
                random.nextInt(4),
                random.nextInt(8)));
  }

  private void anyPod(Predicate<Pod> predicate, Consumer<Pod> action) {
    any(server.pods.values(), predicate, action);
  }

  private <T> void any(Collection<T> all, Predicate<T> predicate, Consumer<T> action) {
    List<T> fitting = all.stream().filter(predicate).toList();
    if (!fitting.isEmpty()) {
      action.accept(fitting.get(random.nextInt(fitting.size())));
    }
  }

  private void executeCommand() {
    any(
        server.commanded(),
        id -> true,
        id -> {
          if (random.nextInt(30) == 0) {
            server.lose(id);
          } else {
            server.execute(id, random.nextInt(8) == 0);
          }
        });
  }

  private void read(Deque<Consumer<Scheduler>> topic) {
    if (!topic.isEmpty()) {
      topic.removeFirst().accept(scheduler);
    }
  }

  /** The successor has read all there was when its generation began, as the kit sees to. */
  private void replaceScheduler() {
    Outbox outbox = server.begin();
    server.podReads.clear();
    server.nodeReads.clear();
    predecessor = Optional.ofNullable(scheduler);
    scheduler = new Scheduler(DefaultProfile.create(), new Random(random.nextLong()), outbox);
    server.nodes.values().forEach(node -> scheduler.putNode(node, nowMs));
    server.pods.values().forEach(pod -> scheduler.putPod(pod, nowMs));
    scheduler.podsSeenUpTo(server.podsRevision(), nowMs);
  }

  private void passTime(long ms) {
    nowMs += ms;
    server.setTime(nowMs);
  }

  /**
   * The world calms down: everything arrives, and time passes for every timer but the last resort,
   * which is to try all pods again after five minutes.
   */
  private void settle() {
    for (int round = 0; round < 200; round++) {
      passTime(500);
      for (String id : server.commanded()) {
        server.execute(id, false);
      }
      server.endThoseBeingDeleted();
      readAll(server.podReads);
      readAll(server.nodeReads);
      readAll(server.outcomeReads);
      scheduler.run(1_000, nowMs);
    }
  }

  private void readAll(Deque<Consumer<Scheduler>> topic) {
    while (!topic.isEmpty()) {
      read(topic);
    }
  }

  private void assertEveryPodIsWhereItBelongs() {
    assertThat(scheduler.bindingCount()).isZero();
    for (Pod pod : server.pods.values()) {
      if (pod.isPending()) {
        assertThat(scheduler.queue().contains(pod.key())).as("%s waits", pod).isTrue();
        assertThat(server.hasRoomFor(pod)).as("there is room for %s", pod).isFalse();
      } else {
        assertThat(scheduler.queue().contains(pod.key())).as("%s does not wait", pod).isFalse();
      }
    }
  }
}
