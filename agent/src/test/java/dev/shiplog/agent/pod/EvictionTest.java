package dev.shiplog.agent.pod;

import static dev.shiplog.agent.pod.TestPods.container;
import static dev.shiplog.agent.pod.TestPods.pod;
import static dev.shiplog.agent.pod.TestPods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.eviction.EvictionRules;
import dev.shiplog.agent.eviction.Evictor;
import dev.shiplog.agent.eviction.Level;
import dev.shiplog.agent.eviction.Signal;
import dev.shiplog.agent.eviction.Thresholds;
import dev.shiplog.agent.files.DiskUse;
import dev.shiplog.agent.node.Pressure;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.runtime.PodStats;
import dev.shiplog.agent.runtime.PodStats.Usage;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that runs short, and the pods it ends for it. */
final class EvictionTest extends OnTestNode {

  private static final Level PLENTY = new Level(1_000, 1_000);
  private static final Level LITTLE = new Level(10, 1_000);
  private static final Duration TURN = Duration.ofSeconds(11);

  private Evictor evictor;
  private volatile Map<Signal, Level> levels = Map.of(Signal.MEMORY, PLENTY);
  private volatile Set<Pressure> pressures = Set.of();

  @BeforeEach
  void open() {
    Thresholds thresholds =
        new Thresholds(
            Map.of(
                Signal.MEMORY, Thresholds.Threshold.amount(100),
                Signal.NODE_FILES, Thresholds.Threshold.percent(5),
                Signal.IMAGE_DISK, Thresholds.Threshold.percent(5)));
    EvictionRules rules = new EvictionRules(thresholds, Duration.ofMinutes(5));
    evictor = new Evictor(node.context, node.pods, () -> levels, rules, now -> pressures = now);
  }

  @AfterEach
  void close() {
    evictor.close();
  }

  /** A pod of which the node knows what memory it asked for and uses. */
  private PodStats run(String name, int priority, String request, long uses) {
    return run(name, priority, "memory", request, uses, DiskUse.NONE);
  }

  /** A pod of which the node knows what room it asked for, and what it wrote into its layer. */
  private PodStats write(String name, int priority, String request, long writes) {
    return run(name, priority, "ephemeral-storage", request, 0, new DiskUse(writes, 1));
  }

  /** A pod of which the node knows how many files it made in its layer. */
  private PodStats fill(String name, int priority, long files) {
    return run(name, priority, "memory", "10", 0, new DiskUse(0, files));
  }

  private PodStats run(
      String name, int priority, String resource, String request, long memory, DiskUse disk) {
    node.assign(
        new PodBuilder(
                pod(
                        name,
                        container("main")
                            .withNewResources()
                            .withRequests(Map.of(resource, new Quantity(request)))
                            .endResources()
                            .build())
                    .build())
            .editSpec()
            .withPriority(priority)
            .endSpec()
            .build());
    node.awaitReady(name);
    return new PodStats(
        new PodIdentity(uid(name), TestNode.NAMESPACE, name),
        TestNode.START,
        List.of(new Usage("main", 0, OptionalLong.empty(), memory, disk.bytes(), disk.files())));
  }

  private boolean isEvicted(String name) {
    return "Evicted".equals(node.status(name).getReason());
  }

  private void awaitEvicted(String name) {
    await().until(() -> isEvicted(name) && "Failed".equals(node.status(name).getPhase()));
  }

  private void turn() {
    await().until(() -> node.timers.nextDue().isPresent());
    node.timers.advance(TURN);
  }

  @Test
  void aNodeWithEnoughEndsNobody() {
    node.runtime.use(List.of(run("web", 0, "10", 500)));

    evictor.start();
    turn();

    assertThat(pressures).isEmpty();
    assertThat(isEvicted("web")).isFalse();
  }

  @Test
  void aNodeThatCannotSeeWhatItsPodsUseTellsAllTheSameThatItIsShort() {
    node.runtime.fail("stats", new RuntimeUnavailableException("no space left on device", null));
    levels = Map.of(Signal.MEMORY, LITTLE);

    evictor.start();
    turn();

    await().until(() -> pressures.equals(Set.of(Pressure.MEMORY)));
  }

  @Test
  void whoUsesMoreThanItAskedForGoesFirstWhateverItsPriority() {
    node.runtime.use(List.of(run("modest", 0, "500", 400), run("greedy", 100, "10", 300)));
    levels = Map.of(Signal.MEMORY, LITTLE);

    evictor.start();

    awaitEvicted("greedy");
    assertThat(isEvicted("modest")).isFalse();
    assertThat(pressures).containsExactly(Pressure.MEMORY);
    assertThat(node.status("greedy").getMessage())
        .startsWith("The node was low on resource: memory.");
    assertThat(node.condition("greedy", "DisruptionTarget").getReason())
        .isEqualTo("TerminationByKubelet");
  }

  @Test
  void ofThoseTheOneThatMattersLeastGoesFirst() {
    node.runtime.use(List.of(run("urgent", 100, "10", 900), run("minor", 1, "10", 20)));
    levels = Map.of(Signal.MEMORY, LITTLE);

    evictor.start();

    awaitEvicted("minor");
    assertThat(isEvicted("urgent")).isFalse();
  }

  @Test
  void oneAfterAnotherGoesUntilThereIsEnough() {
    node.runtime.use(List.of(run("one", 0, "10", 900), run("two", 0, "10", 800)));
    levels = Map.of(Signal.MEMORY, LITTLE);
    evictor.start();
    awaitEvicted("one");

    turn();

    awaitEvicted("two");
  }

  @Test
  void whatTheClusterCannotDoWithoutStays() {
    node.runtime.use(List.of(run("critical", 2_000_000_000, "10", 900)));
    levels = Map.of(Signal.MEMORY, LITTLE);

    evictor.start();

    await().until(() -> pressures.contains(Pressure.MEMORY));
    turn();
    assertThat(isEvicted("critical")).isFalse();
  }

  @Test
  void unusedImagesGoBeforeAnyPod() {
    run("web", 0, "10", 1);
    var _ = node.runtime.pullImage("example.com/unused:1", List.of(), Duration.ofSeconds(1));
    levels = Map.of(Signal.IMAGE_DISK, LITTLE);

    evictor.start();

    await().until(() -> node.runtime.image("example.com/unused:1").isEmpty());
    assertThat(node.runtime.image("example.com/main:1")).isPresent();
  }

  @Test
  void whoWroteMoreThanItAskedForGoesFirstAndIsToldHowMuch() {
    node.runtime.use(
        List.of(write("modest", 0, "1Mi", 1 << 20), write("greedy", 100, "1Ki", 3 << 10)));
    levels = Map.of(Signal.IMAGE_DISK, LITTLE);

    evictor.start();

    awaitEvicted("greedy");
    assertThat(isEvicted("modest")).isFalse();
    assertThat(node.status("greedy").getMessage())
        .isEqualTo(
            "The node was low on resource: ephemeral-storage. Threshold quantity: 50, available:"
                + " 10. Container main was using 3Ki, request is 1Ki, has larger consumption of"
                + " ephemeral-storage. ");
  }

  @Test
  void whereInodesRunOutWhoHasMostFilesGoesFirst() {
    node.runtime.use(List.of(fill("modest", 0, 10), fill("greedy", 0, 900)));
    levels = Map.of(Signal.NODE_FILES, LITTLE);

    evictor.start();

    awaitEvicted("greedy");
    assertThat(isEvicted("modest")).isFalse();
    assertThat(pressures).containsExactly(Pressure.DISK);
    assertThat(node.status("greedy").getMessage())
        .isEqualTo("The node was low on resource: inodes. Threshold quantity: 50, available: 10. ");
  }

  @Test
  void ofAnEvictedPodOnlyWhatTheClusterKnowsIsLeft() {
    node.runtime.use(List.of(write("greedy", 0, "1", 900)));
    levels = Map.of(Signal.IMAGE_DISK, LITTLE);

    evictor.start();
    awaitEvicted("greedy");

    await().until(() -> node.runtime.pod(uid("greedy")).isEmpty());
    assertThat(node.container("greedy", "main").getState().getTerminated()).isNotNull();
  }

  @Test
  void whatEndedPodsLeftGoesBeforeAnyPodThatRuns() {
    node.assign(
        new PodBuilder(pod("done", container("main").build()).build())
            .editSpec()
            .withRestartPolicy("Never")
            .endSpec()
            .build());
    node.awaitReady("done");
    node.runtime.use(List.of(write("web", 0, "1", 900)));
    node.runtime.exit(uid("done"), "main", 0);
    node.awaitPhase("done", "Succeeded");
    assertThat(node.runtime.pod(uid("done"))).isPresent();
    levels = Map.of(Signal.IMAGE_DISK, LITTLE);

    evictor.start();

    await().until(() -> node.runtime.pod(uid("done")).isEmpty());
    assertThat(isEvicted("web")).isFalse();
    assertThat(node.status("done").getPhase()).isEqualTo("Succeeded");
    turn();
    awaitEvicted("web");
  }

  @Test
  void noSecondPodGoesBeforeTheFirstHasGivenBackWhatItHad() {
    node.runtime.use(List.of(run("one", 0, "10", 900), run("two", 0, "10", 800)));
    levels = Map.of(Signal.MEMORY, LITTLE);
    node.runtime.fail("removeSandbox", new RuntimeUnavailableException("busy", null));
    evictor.start();
    awaitEvicted("one");

    Instant begun = node.timers.steady();

    await()
        .until(() -> {
          turn();
          return isEvicted("two");
        });

    assertThat(node.timers.steady()).isAfter(begun.plusSeconds(30));
  }
}
