package dev.shiplog.bench.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.app.SchedulerApplication;
import dev.shiplog.scheduler.config.ConfigurationReader;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.streams.kit.core.ApplicationCore;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.streams.kit.view.ViewSet;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One measurement of the whole application, Kafka left out: bytes of a pending pod in, bytes of the
 * bind command out, outcome in, bytes of the bound pod in, bytes of the Event out.
 */
final class ApplicationRound {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource NODES = StorageResource.of("nodes", "");

  /** Longer than the scheduler rests after a decision. */
  private static final Duration BETWEEN_PODS = Duration.ofMillis(20);

  private final ApplicationCore core;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long revision;
  private long bytesOut;

  private ApplicationRound(int nodes) {
    SchedulerApplication application =
        new SchedulerApplication(
            new ConfigurationReader(List.of()).byDefault(),
            new SplittableRandom(1),
            new SchedulerMetrics(new SimpleMeterRegistry(), System::nanoTime));
    ViewSet views = ViewSet.of(application.resources(), application.indexes());
    core = new ApplicationCore(application, views, CatchUp.immediate());
    core.start(now);
    decide(core.drain().getFirst(), 0);
    for (int i = 0; i < nodes; i++) {
      put(NODES, "n-" + i, Json.bytes(Objects.node(i)));
    }
  }

  /** Takes pods all the way; pods per second of CPU. */
  static double podsPerSecond(int nodes, Workload workload, int pods) {
    ApplicationRound round = new ApplicationRound(nodes);
    List<JsonNode> pending = new ArrayList<>(pods);
    for (int i = 0; i < pods; i++) {
      pending.add(Objects.pod(workload, i));
    }
    long nanos = 0;
    for (int i = 0; i < pods; i++) {
      nanos += round.schedule("default/p-" + i, pending.get(i));
    }
    if (round.bytesOut == 0) {
      throw new IllegalStateException("nothing was sent");
    }
    return pods / (nanos / 1e9);
  }

  private long schedule(String key, JsonNode pod) {
    now = now.plus(BETWEEN_PODS);
    byte[] pending = Json.bytes(pod);
    long start = THREADS.getCurrentThreadCpuTime();
    put(PODS, key, pending);
    Command bind = core.drain().getFirst();
    bytesOut += Json.bytes(bind).length;
    long nanos = THREADS.getCurrentThreadCpuTime() - start;

    ObjectNode boundPod = pod.deepCopy();
    boundPod.withObject("/spec").set("nodeName", bind.body().at("/bindings/0/node"));
    byte[] bound = Json.bytes(boundPod);
    start = THREADS.getCurrentThreadCpuTime();
    decide(bind, revision + 1);
    put(PODS, key, bound);
    for (Command event : core.drain()) {
      bytesOut += Json.bytes(event).length;
    }
    return nanos + THREADS.getCurrentThreadCpuTime() - start;
  }

  private void put(StorageResource resource, String key, byte[] json) {
    core.onRecord(resource, key, json, ++revision, now.toEpochMilli(), now);
    core.onTime(now);
  }

  private void decide(Command command, long podsRevision) {
    CommandResult result = new CommandResult(201, "", "", PODS.name(), podsRevision);
    Outcome outcome =
        new Outcome(
            command.id(), command.application(), command.generation(), 0, 0, podsRevision, result);
    core.onOutcome(Json.read(Json.bytes(outcome), Outcome.class), now);
    core.onTime(now);
  }
}
