package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.testing.FakeApiServer;
import dev.shiplog.streams.kit.testing.StoreRecord;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.log.LogReader;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TransactionalWriter;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.record.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A {@link FakeApiServer} on a real log: carries out commands, and projects objects and outcomes in
 * transactions. One thread of its own does everything; others ask through {@link #ask}.
 */
final class LogApiServer implements AutoCloseable {

  private final TopicNames names;
  private final FakeApiServer objects;
  private final LogReader commands;
  private final TransactionalWriter writer;
  private final Consumer<FakeApiServer> bystander;
  private final ConcurrentLinkedQueue<Runnable> questions = new ConcurrentLinkedQueue<>();
  private final List<Command> received = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::run, "api-server");
  private volatile boolean closing;

  /**
   * Starts a server.
   *
   * @param bystander whoever else acts on the objects; called again and again
   */
  LogApiServer(
      TopicLog log,
      TopicNames names,
      Collection<ResourceType<?>> types,
      Consumer<FakeApiServer> bystander) {
    this.names = names;
    this.objects = new FakeApiServer(types, Instant::now);
    this.bystander = bystander;
    commands = log.openReader(Isolation.READ_UNCOMMITTED);
    commands.assign(Map.of(Partition.only(names.commands()), 0L));
    writer = log.openTransactionalWriter(names.prefix() + "-projection");
    thread.start();
  }

  private void run() {
    while (!closing) {
      List<StoredRecord> records = commands.poll(Duration.ofMillis(20));
      List<Outcome> outcomes = records.stream().map(record -> carryOut(record.record())).toList();
      for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
        question.run();
      }
      bystander.accept(objects);
      project(outcomes);
    }
  }

  private Outcome carryOut(LogRecord record) {
    Command command = Json.read(record.value(), Command.class);
    received.add(command);
    return objects.execute(command);
  }

  private void project(List<Outcome> outcomes) {
    List<StoreRecord> changes = objects.takeCommitted();
    if (changes.isEmpty() && outcomes.isEmpty()) {
      return;
    }
    writer.begin();
    changes.forEach(this::append);
    outcomes.forEach(outcome -> append(names.outcomes(), null, Json.bytes(outcome), Map.of()));
    writer.commit();
  }

  private void append(StoreRecord change) {
    byte[] revision = Long.toString(change.revision()).getBytes(StandardCharsets.UTF_8);
    append(
        names.store(change.resource()),
        change.key().getBytes(StandardCharsets.UTF_8),
        change.value(),
        Map.of(RecordHeaders.REVISION, revision));
  }

  private void append(String topic, byte[] key, byte[] value, Map<String, byte[]> headers) {
    LogRecord record = new LogRecord(key, value, System.currentTimeMillis(), headers);
    var _ = writer.append(Partition.only(topic), record); // the commit waits for it
  }

  /** Asks for something about the objects, or changes them. */
  <T> T ask(Function<FakeApiServer, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Callable<T> call = () -> question.apply(objects);
    questions.add(() -> {
      try {
        answer.complete(call.call());
      } catch (Exception e) {
        answer.completeExceptionally(e);
      }
    });
    return answer.join();
  }

  /** Every command so far. */
  List<Command> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    commands.close();
    writer.close();
  }
}
