package dev.shiplog.api.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.HealthPaths;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Writes Events about requests that changed nothing: those that were refused, and those the policy
 * wants to know of. Nobody waits for it. Where the log is slow or away, at most so many Events are
 * under way; what comes then is lost, counted, and said. Changes are not told here: the journal
 * tells of them and loses none.
 *
 * <p>Whoever is refused for want of rights or of an identity leaves a record at least of level
 * Metadata, whatever the policy says of reading, unless it was about health.
 *
 * <p>Any thread; never blocks.
 */
public final class AuditTrail implements AutoCloseable {

  /** Of an answer that is complete. */
  public static final String COMPLETE = "ResponseComplete";

  /** Of a request that becomes a stream. */
  public static final String RECEIVED = "RequestReceived";

  private static final Logger LOG = Logger.getLogger(AuditTrail.class);
  private static final int MOST_UNDER_WAY = 1_000;
  private static final int LONGEST_TEXT = 4_096;
  private static final long SAY_EVERY_MS = 60_000;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final AuditPolicy policy;
  private final Supplier<LogWriter> writers;
  private final Partition partition;
  private final String source;
  private final InstantSource clock;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong saidAtMs = new AtomicLong();
  private LogWriter writer;
  private boolean closed;

  /**
   * A trail.
   *
   * @param writers opens the log when the first Event is written
   * @param source what is said to have written Events
   */
  public AuditTrail(
      AuditPolicy policy,
      Supplier<LogWriter> writers,
      TopicNames names,
      String source,
      InstantSource clock) {
    this.policy = policy;
    this.writers = writers;
    this.partition = Partition.only(names.audit());
    this.source = source;
    this.clock = clock;
  }

  /** Tells of a request that was answered. */
  public void answered(SeenRequest request, int code) {
    if (!request.isInJournal(code)) {
      AuditPolicy.Verdict verdict = policy.of(request.user(), request.asked());
      if (verdict.isAbout(COMPLETE) || isRefusal(request, code)) {
        write(event(request, COMPLETE, code), request.asked());
      }
    }
  }

  /** Tells of a request that is let through to a stream, whose end says nothing. */
  public void streams(SeenRequest request) {
    if (policy.of(request.user(), request.asked()).level() != AuditLevel.NONE) {
      write(event(request, RECEIVED, 0), request.asked());
    }
  }

  /** How many Events were written. */
  public long written() {
    return written.get();
  }

  /** How many were lost. */
  public long lost() {
    return lost.get();
  }

  private static boolean isRefusal(SeenRequest request, int code) {
    return (code == UNAUTHORIZED || code == FORBIDDEN)
        && !HealthPaths.contain(request.asked().path());
  }

  private ObjectNode event(SeenRequest request, String stage, int code) {
    ObjectNode event = EventParts.event(AuditLevel.METADATA, request.auditId(), stage);
    event.put("requestURI", shortened(request.uri())).put("verb", request.asked().verb());
    event.set("user", EventParts.user(request.sender()));
    request.actsAs().ifPresent(user -> event.set("impersonatedUser", EventParts.user(user)));
    event.set("sourceIPs", Json.MAPPER.valueToTree(request.sourceIps()));
    event.put("userAgent", shortened(request.userAgent()));
    if (request.asked().isResource()) {
      event.set("objectRef", reference(request.asked()));
    }
    if (code > 0) {
      event.putObject("responseStatus").put("code", code).putObject("metadata");
    }
    event.put("requestReceivedTimestamp", EventParts.time(request.receivedMs()));
    event.put("stageTimestamp", EventParts.time(clock.millis()));
    boolean refused = code == UNAUTHORIZED || code == FORBIDDEN;
    event
        .putObject("annotations")
        .put("authorization.k8s.io/decision", refused ? "forbid" : "allow");
    return event;
  }

  private static ObjectNode reference(Attributes asked) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("resource", asked.resource());
    put(node, "namespace", asked.namespace());
    put(node, "name", asked.name());
    put(node, "apiGroup", asked.group());
    put(node, "apiVersion", asked.version());
    put(node, "subresource", asked.subresource());
    return node;
  }

  private static void put(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, shortened(value));
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  private void write(ObjectNode event, Attributes asked) {
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      underWay.decrementAndGet();
      lose("the log does not keep up");
      return;
    }
    try {
      long now = clock.millis();
      String key =
          asked.isResource() ? asked.resourceAndSubresource() + "/" + asked.name() : asked.path();
      var _ =
          opened()
              .append(partition, new LogRecord(utf8(key), Json.bytes(event), now, headers(event)))
              .whenComplete((offset, failed) -> {
                underWay.decrementAndGet();
                if (failed == null) {
                  written.incrementAndGet();
                } else {
                  lose(failed.getMessage());
                }
              });
    } catch (RuntimeException e) {
      underWay.decrementAndGet();
      lose(e.getMessage());
    }
  }

  private synchronized LogWriter opened() {
    if (closed) {
      throw new IllegalStateException("the server is stopping");
    }
    if (writer == null) {
      writer = writers.get();
    }
    return writer;
  }

  private Map<String, byte[]> headers(ObjectNode event) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", utf8("1.0"));
    headers.put("ce_id", utf8(event.path("auditID").asText() + "/" + event.path("stage").asText()));
    headers.put("ce_source", utf8(source));
    headers.put("ce_type", utf8("dev.shiplog.request"));
    headers.put("ce_time", utf8(Instant.ofEpochMilli(clock.millis()).toString()));
    headers.put("content-type", utf8("application/json"));
    return headers;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void lose(String why) {
    long all = lost.incrementAndGet();
    long now = clock.millis();
    long before = saidAtMs.get();
    if (now - before >= SAY_EVERY_MS && saidAtMs.compareAndSet(before, now)) {
      LOG.warnf("%d audit Events about requests that changed nothing were lost: %s", all, why);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (writer != null) {
      writer.close();
    }
  }
}
