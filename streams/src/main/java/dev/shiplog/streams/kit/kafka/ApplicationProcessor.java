package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.core.ApplicationCore;
import dev.shiplog.streams.kit.core.CatchUp;
import dev.shiplog.streams.kit.view.ObjectView;
import dev.shiplog.streams.kit.view.ViewSet;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.fault.Pulse;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.trace.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Drives an {@link ApplicationCore} with what Kafka Streams delivers. {@link #init} runs when the
 * views have been restored and this process is to act: once in a task's life, and again, on the
 * same object and after {@link #close}, when a task is revived because a command of it was lost on
 * its way to Kafka. Either way the application begins from nothing.
 */
final class ApplicationProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  /** Timers are that exact; it must be no finer than the poll time of the stream thread. */
  static final Duration TICK = Duration.ofMillis(20);

  private final Supplier<Application> applications;
  private final Map<String, StorageResource> resourcesByTopic;
  private final List<String> stores;
  private final Function<ReadProgress, CatchUp> catchUps;
  private final Pulse pulse;
  private final ReadProgress progress = new ReadProgress();
  private final Map<String, ViewStore> storesByTopic = new HashMap<>();
  private Arrivals arrivals;
  private ProcessorContext<byte[], byte[]> context;
  private ApplicationCore core;
  private Cancellable ticks;
  private boolean started;

  ApplicationProcessor(
      Supplier<Application> applications,
      Map<String, StorageResource> resourcesByTopic,
      List<String> stores,
      Function<ReadProgress, CatchUp> catchUps,
      Pulse pulse) {
    this.pulse = pulse;
    this.applications = applications;
    this.resourcesByTopic = resourcesByTopic;
    this.stores = stores;
    this.catchUps = catchUps;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    arrivals = Arrivals.ofThisThread();
    arrivals.reset();
    core = new ApplicationCore(applications.get(), restoredViews(), catchUps.apply(progress));
    started = false;
    ticks = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> onTime());
  }

  private ViewSet restoredViews() {
    List<ObjectView<?>> views = new ArrayList<>();
    for (String name : stores) {
      ViewStore store = context.getStateStore(name);
      views.add(store.view());
      resourcesByTopic.forEach((topic, resource) -> {
        if (resource.equals(store.view().type().resource())) {
          storesByTopic.put(topic, store);
          progress.read(topic, store.lastOffset());
        }
      });
    }
    return new ViewSet(views);
  }

  /** Not before the first tick: in {@link #init} there is neither a clock nor a sink yet. */
  private void onTime() {
    pulse.beat();
    if (!started) {
      started = true;
      core.start(now());
    }
    core.onTime(now());
    send();
  }

  /** Another process acts from now on, or nobody, or this one once it was revived. */
  @Override
  public void close() {
    ticks.cancel();
    pulse.rest();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    StorageResource resource = resourcesByTopic.get(metadata.topic());
    if (resource == null) {
      core.onOutcome(Json.read(record.value(), Outcome.class), now());
    } else {
      progress.read(metadata.topic(), metadata.offset());
      storesByTopic.get(metadata.topic()).tookIn(metadata.offset());
      core.onRecord(
          resource,
          ViewStore.text(record.key()),
          record.value(),
          ViewStore.revision(record.headers()),
          record.timestamp(),
          ViewStore.traceparent(record.headers()),
          now());
    }
    if (arrivals.isTurn()) {
      core.onTime(now());
      send();
    }
  }

  private void send() {
    for (Command command : core.drain()) {
      context.forward(
          new Record<>(
              command.key().getBytes(StandardCharsets.UTF_8),
              Json.bytes(command),
              context.currentSystemTimeMs(),
              headers(command)));
    }
  }

  private static Headers headers(Command command) {
    RecordHeaders headers = new RecordHeaders();
    if (command.traceparent() != null) {
      headers.add(Tracing.HEADER, command.traceparent().getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }
}
