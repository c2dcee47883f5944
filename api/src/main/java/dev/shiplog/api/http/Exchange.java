package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.audit.SeenRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A request and its answer. Belongs to the event loop that handles it; {@link #run} brings others'
 * work there.
 */
final class Exchange {

  private static final String BEARER = "Bearer ";

  private final HttpServerRequest request;
  private final Context context;
  private final String auditId = newAuditId(ThreadLocalRandom.current());
  private final long receivedMs;
  private final long receivedNanos = System.nanoTime();
  private final Query query;
  private Representation representation = Representation.JSON;
  private String ownMediaType = "";
  private Optional<Attributes> asked = Optional.empty();
  private UserInfo sender = Authentication.ANONYMOUS;
  private Optional<UserInfo> actsAs = Optional.empty();
  private Optional<RequestMeters> meters = Optional.empty();
  private Step step = Step.NONE;

  Exchange(HttpServerRequest request, Context context, long receivedMs) {
    this.request = request;
    this.context = context;
    this.receivedMs = receivedMs;
    this.query = new Query(request.params());
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  Query query() {
    return query;
  }

  String auditId() {
    return auditId;
  }

  /** What the request asks for, for the audit log and for its trace. */
  void asks(Attributes attributes) {
    if (asked.isEmpty()) {
      step = RequestSteps.begin(attributes, request.getHeader(Tracing.HEADER), auditId);
    }
    asked = Optional.of(attributes);
  }

  /** What hands its trace on. */
  Step step() {
    return step;
  }

  /** Who sent it, for the audit log. */
  void isFrom(UserInfo user) {
    sender = user;
  }

  /** As whom, for the audit log. */
  void actsAs(UserInfo user) {
    actsAs = user.equals(sender) ? Optional.empty() : Optional.of(user);
  }

  /** Where it is counted. */
  void countedBy(RequestMeters found) {
    meters = Optional.of(found);
  }

  /** Where it is counted, once it is known what it asks for. */
  Optional<RequestMeters> meters() {
    return meters;
  }

  /** How long ago it came. */
  long ageNanos() {
    return System.nanoTime() - receivedNanos;
  }

  /** What the audit log tells of it; empty as long as nobody knows what it asks for. */
  Optional<SeenRequest> seen() {
    return asked.map(attributes -> {
      Caller caller = caller(sender);
      return new SeenRequest(
          auditId,
          request.uri(),
          sender,
          actsAs,
          attributes,
          caller.sourceIps(),
          caller.userAgent(),
          receivedMs,
          request.params().contains("dryRun"));
    });
  }

  /** What the client wants an answer to look like; JSON until that was negotiated. */
  Representation representation() {
    return representation;
  }

  /**
   * Finds out what the client wants an object to look like.
   *
   * @param protobuf whether the object's kind has a message
   */
  void negotiate(boolean protobuf) {
    Representation wanted =
        Negotiation.of(request.getHeader("Accept"), protobuf).withoutDiscovery();
    representation =
        wanted.form() == Representation.Form.TABLE
            ? wanted.including(query.includeObject())
            : wanted;
  }

  /** The same for discovery, which may be wanted all in one document. */
  void negotiateDiscovery() {
    representation = Negotiation.of(request.getHeader("Accept"), true);
  }

  /** Answers as a media type that only this path has. */
  void answerAs(String mediaType) {
    ownMediaType = mediaType;
  }

  /** Content type of an answer that is no failure. */
  String contentType() {
    return ownMediaType.isEmpty() ? representation.contentType() : ownMediaType;
  }

  Credentials credentials() {
    String header = request.getHeader("Authorization");
    boolean bearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return Credentials.of(
        request.isSSL() ? Optional.ofNullable(request.sslSession()) : Optional.empty(),
        bearer ? Optional.of(header.substring(BEARER.length()).strip()) : Optional.empty(),
        new RequestHeaders(request.headers()));
  }

  Caller caller(UserInfo user) {
    SocketAddress peer = request.remoteAddress();
    String agent = request.getHeader("User-Agent");
    return new Caller(
        user,
        auditId,
        request.uri(),
        peer == null || peer.hostAddress() == null ? List.of() : List.of(peer.hostAddress()),
        agent == null ? "" : agent,
        receivedMs,
        Optional.empty(),
        step.traceparent(),
        executor());
  }

  /** Runs tasks on this exchange's event loop, in order. */
  Executor executor() {
    return task -> context.runOnContext(none -> task.run());
  }

  /** Runs a task on this exchange's event loop: now, if that is where it is called. */
  void run(Runnable task) {
    if (context.equals(Vertx.currentContext())) {
      task.run();
    } else {
      context.runOnContext(none -> task.run());
    }
  }

  Context context() {
    return context;
  }

  /** Does a long piece of work when it is its sender's turn; on this exchange's event loop. */
  void atLength(Runnable piece) {
    LongWork.of(context).add(sender.username(), () -> ((ContextInternal) context).dispatch(piece));
  }

  /** Whether the client takes gzip. */
  boolean acceptsGzip() {
    String accepted = request.getHeader("Accept-Encoding");
    return accepted != null && accepted.contains("gzip");
  }

  /**
   * Sends the head of an answer; what was sent before counts, and nothing may follow a second one.
   */
  HttpServerResponse head(int code, String contentType) {
    HttpServerResponse head =
        response()
            .setStatusCode(code)
            .putHeader("Content-Type", contentType)
            .putHeader("Audit-Id", auditId);
    if (!head.headers().contains("Cache-Control")) {
      head.putHeader("Cache-Control", "no-cache, private");
    }
    return head;
  }

  /** Sends an answer whole. */
  void send(int code, String contentType, Buffer body) {
    if (response().ended() || response().closed()) {
      return;
    }
    HttpServerResponse head = head(code, contentType);
    if (wantsHeadOnly()) {
      head.end();
    } else {
      head.end(body);
    }
  }

  /** Nothing may follow the head then: over HTTP/2 that breaks the stream. */
  boolean wantsHeadOnly() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Adds {@code Warning} headers. */
  void warn(List<String> warnings) {
    for (String warning : warnings) {
      response().headers().add("Warning", Warnings.header(warning));
    }
  }

  /** Random, but not secret: it only has to be unlike the others. */
  private static String newAuditId(ThreadLocalRandom random) {
    return new UUID(
            (random.nextLong() & ~0xF000L) | 0x4000L,
            (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
        .toString();
  }
}
