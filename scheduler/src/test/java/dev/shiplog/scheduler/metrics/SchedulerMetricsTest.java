package dev.shiplog.scheduler.metrics;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.cycle.Scheduler;
import dev.shiplog.scheduler.cycle.SilentOutbox;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.queue.BackOff;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchedulerMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nanos;
  private final Scheduler scheduler =
      new Scheduler(
          new SchedulerConfiguration(List.of(DefaultProfile.create()), BackOff.DEFAULT),
          () -> 0,
          new SilentOutbox(),
          new SchedulerMetrics(registry, () -> nanos += 1_000_000));

  private double attempts(String result) {
    return registry
        .get("scheduler.schedule.attempts")
        .tags("result", result, "profile", "default-scheduler")
        .counter()
        .count();
  }

  private double pending(String queue) {
    return registry.get("scheduler.pending.pods").tag("queue", queue).gauge().value();
  }

  @Test
  void attemptsAreCountedAndTimedByTheirResult() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("a", "1", "1Gi"), 0);
    scheduler.putPod(pod("b", "9", "1Gi"), 0);
    scheduler.run(9, 0);
    assertThat(attempts("scheduled")).isEqualTo(1);
    assertThat(attempts("unschedulable")).isEqualTo(1);
    assertThat(attempts("error")).isZero();
    assertThat(
            registry
                .get("scheduler.scheduling.attempt.duration")
                .tag("result", "scheduled")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isPositive();
  }

  @Test
  void theStepsOfADecisionAreTimedByTheirNames() {
    scheduler.putNode(node("n"), 0);
    scheduler.putNode(node("m"), 0);
    scheduler.putPod(pod("a", "1", "1Gi"), 0);
    scheduler.putPod(pod("b", "9", "1Gi"), 0);
    scheduler.run(9, 0);
    scheduler.putPod(podOf("a", "{spec: {nodeName: 'n'}}"), 30);
    for (String point : List.of("PreFilter", "Filter", "Score", "Reserve", "Permit")) {
      assertThat(timesOf(point, "Success")).as(point).isEqualTo(1);
    }
    assertThat(timesOf("Filter", "Unschedulable")).isEqualTo(1);
    assertThat(timesOf("PostFilter", "Unschedulable")).isEqualTo(1);
  }

  private long timesOf(String point, String status) {
    return registry
        .get("scheduler.framework.extension.point.duration")
        .tags("extension_point", point, "status", status, "profile", "default-scheduler")
        .timer()
        .count();
  }

  @Test
  void podsThatWaitAreCountedByWhoTurnedThemDown() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("large", "9", "1Gi"), 0);
    scheduler.run(9, 0);
    assertThat(turnedDownByFit()).isEqualTo(1);
    scheduler.putNode(node("m", "{status: {allocatable: {cpu: '16'}}}"), 5_000);
    scheduler.run(9, 5_000);
    assertThat(turnedDownByFit()).isZero();
  }

  private double turnedDownByFit() {
    return registry
        .get("scheduler.unschedulable.pods")
        .tags("plugin", "NodeResourcesFit", "profile", "default-scheduler")
        .gauge()
        .value();
  }

  @Test
  void pendingPodsAreCountedWhereTheyWait() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("large", "9", "1Gi"), 0);
    scheduler.putPod(pod("gated", "{schedulingGates: [{name: 'g'}]}"), 0);
    scheduler.run(9, 0);
    assertThat(pending("unschedulable")).isEqualTo(1);
    assertThat(pending("gated")).isEqualTo(1);
    assertThat(pending("active")).isZero();
    assertThat(pending("backoff")).isZero();
  }

  @Test
  void theTimeToBoundIsTakenFromWhenAPodCouldFirstBeScheduled() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("a"), 1_000);
    scheduler.run(9, 1_000);
    scheduler.putPod(podOf("a", "{spec: {nodeName: 'n'}}"), 1_250);
    assertThat(
            registry
                .get("scheduler.pod.scheduling.sli.duration")
                .tag("attempts", "1")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(250);
  }

  @Test
  void preemptionsAndTheirVictimsAreCounted() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(
        podOf("low", "{spec: {nodeName: 'n', containers: [{resources: {requests: {cpu: '3'}}}]}}"),
        0);
    scheduler.putPod(
        pod("high", "{priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]}"), 0);
    scheduler.run(9, 0);
    assertThat(registry.get("scheduler.preemption.attempts").counter().count()).isEqualTo(1);
    assertThat(registry.get("scheduler.preemption.victims").summary().totalAmount()).isEqualTo(1);
  }

  /** Counters get {@code _total} and timers {@code _seconds} from the registry. */
  @Test
  void namesAreThoseOfKubernetesOnceARegistryHasMadeThemItsOwn() {
    scheduler.putNode(node("n"), 0);
    scheduler.putPod(pod("a"), 0);
    scheduler.run(9, 0);
    scheduler.putPod(podOf("a", "{spec: {nodeName: 'n'}}"), 1);
    assertThat(
            registry.getMeters().stream()
                .map(meter -> meter.getId().getConventionName(NamingConvention.snakeCase))
                .collect(Collectors.toSet()))
        .contains(
            "scheduler_schedule_attempts",
            "scheduler_scheduling_attempt_duration",
            "scheduler_pod_scheduling_sli_duration",
            "scheduler_pod_scheduling_attempts",
            "scheduler_pending_pods",
            "scheduler_queue_incoming_pods",
            "scheduler_cache_size",
            "scheduler_framework_extension_point_duration",
            "scheduler_scheduling_algorithm_duration",
            "scheduler_preemption_attempts",
            "scheduler_preemption_victims");
  }
}
