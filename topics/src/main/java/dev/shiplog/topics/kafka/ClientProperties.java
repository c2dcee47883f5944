package dev.shiplog.topics.kafka;

import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.log.Isolation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The properties of each kind of Kafka client, all that differ from Kafka's defaults, and why. */
final class ClientProperties {

  /** A record as large as a topic takes, the batch around it, and some room. */
  private static final int LARGEST_REQUEST_BYTES = TopicCatalogue.MAX_RECORD_BYTES + (1 << 20);

  private static final int PIPELINED_BATCH_BYTES = 256 << 10;
  private static final long UNSENT_BYTES = 64L << 20;
  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);

  private final KafkaSettings settings;
  private final AtomicInteger producers = new AtomicInteger();

  ClientProperties(KafkaSettings settings) {
    this.settings = settings;
  }

  Map<String, Object> admin() {
    Map<String, Object> properties = common("admin");
    properties.put("default.api.timeout.ms", millis(settings.callTimeout()));
    properties.put("request.timeout.ms", requestTimeout(settings.callTimeout()));
    return properties;
  }

  /** For the journal and whatever else is appended record by record. */
  Map<String, Object> writer() {
    Map<String, Object> properties = producer("writer", settings.appendTimeout());
    // A request costs a broker the same for one record as for a hundred, and so does an fsync: what
    // comes while one is on its way leaves together.
    properties.put("max.in.flight.requests.per.connection", 1);
    // A caller that decides on one thread must not wait long for metadata or for room.
    properties.put("max.block.ms", millis(settings.appendTimeout().dividedBy(2)));
    return properties;
  }

  Map<String, Object> transactionalWriter(String transactionalId) {
    Map<String, Object> properties = producer("transactions", settings.callTimeout());
    properties.put("transactional.id", transactionalId);
    // Bounds opening, committing and aborting.
    properties.put("max.block.ms", millis(settings.callTimeout()));
    // Readers of committed records wait for the open ones of a writer that died; a successor ends
    // them at once, and without a successor this does.
    properties.put("transaction.timeout.ms", millis(TRANSACTION_TIMEOUT));
    return properties;
  }

  Map<String, Object> reader(Isolation isolation) {
    Map<String, Object> properties = common("reader");
    properties.put(
        "isolation.level",
        switch (isolation) {
          case READ_COMMITTED -> "read_committed";
          case READ_UNCOMMITTED -> "read_uncommitted";
        });
    // An offset that is gone must stop the reader; it must never begin somewhere else.
    properties.put("auto.offset.reset", "none");
    // Positions are the reader's own: there is no group.
    properties.put("enable.auto.commit", false);
    properties.put("allow.auto.create.topics", false);
    properties.put("default.api.timeout.ms", millis(settings.callTimeout()));
    properties.put("request.timeout.ms", requestTimeout(settings.callTimeout()));
    // The broker answers as soon as there is a record, and otherwise after this; the longer, the
    // fewer requests of a reader that waits.
    properties.put("fetch.min.bytes", 1);
    properties.put("fetch.max.wait.ms", 500);
    // Many small records per answer while catching up; one record always fits whatever its size.
    properties.put("max.partition.fetch.bytes", 4 << 20);
    properties.put("fetch.max.bytes", 32 << 20);
    properties.put("max.poll.records", 1000);
    return properties;
  }

  private Map<String, Object> producer(String purpose, Duration delivery) {
    // Metrics of one and of another are told apart by their clients' ids.
    Map<String, Object> properties = common(purpose + "-" + producers.incrementAndGet());
    // Acknowledged means: every in-sync replica has it.
    properties.put("acks", "all");
    // Kafka's own retries neither repeat nor reorder; five in flight are what that allows.
    properties.put("enable.idempotence", true);
    properties.put("max.in.flight.requests.per.connection", 5);
    // The first record leaves at once; what comes while as many are in flight leaves together.
    properties.put("linger.ms", 0);
    properties.put("batch.size", PIPELINED_BATCH_BYTES);
    // An append whose fate is unknown for this long is given up, and its writer finds out from the
    // log. Within it a lost connection is tried again.
    properties.put("delivery.timeout.ms", millis(delivery));
    properties.put("request.timeout.ms", requestTimeout(delivery));
    properties.put("max.request.size", LARGEST_REQUEST_BYTES);
    properties.put("buffer.memory", UNSENT_BYTES);
    // Objects are JSON with much that repeats, before and after image above all: a third of the
    // bytes for some 10 µs per KB. It does not pay where no network is between.
    properties.putIfAbsent("compression.type", "lz4");
    return properties;
  }

  private Map<String, Object> common(String purpose) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", settings.bootstrapServers());
    properties.put("client.id", settings.clientId() + "-" + purpose);
    // A new partition leader must be found quickly, within the time-outs above.
    properties.put("retry.backoff.ms", 20);
    properties.put("retry.backoff.max.ms", 500);
    properties.put("reconnect.backoff.ms", 50);
    properties.put("reconnect.backoff.max.ms", 1000);
    properties.put("socket.connection.setup.timeout.ms", 3000);
    // Neither JMX nor the broker is to be told of this client's metrics.
    properties.put("metric.reporters", "");
    properties.put("enable.metrics.push", false);
    properties.putAll(settings.clientProperties());
    return properties;
  }

  /** Short enough that a request that is lost is sent once more within the whole. */
  private static int requestTimeout(Duration whole) {
    return millis(whole.multipliedBy(2).dividedBy(5));
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
