package dev.shiplog.api.request;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Who sent a request, and how it came here.
 *
 * @param user after authentication
 * @param auditId unique per request
 * @param requestUri path and query as asked for
 * @param sourceIps nearest last; empty for commands
 * @param userAgent may be empty
 * @param receivedMs when it arrived, milliseconds since the epoch
 * @param command the command that asked, where one did
 * @param traceparent the step of a trace that this is; null if nothing is traced
 * @param executor runs what is done for this request; one task at a time, in order
 */
public record Caller(
    UserInfo user,
    String auditId,
    String requestUri,
    List<String> sourceIps,
    String userAgent,
    long receivedMs,
    Optional<CommandRef> command,
    String traceparent,
    Executor executor) {

  public Caller {
    sourceIps = List.copyOf(sourceIps);
  }

  /** Of something that is not traced. */
  public Caller(
      UserInfo user,
      String auditId,
      String requestUri,
      List<String> sourceIps,
      String userAgent,
      long receivedMs,
      Optional<CommandRef> command,
      Executor executor) {
    this(user, auditId, requestUri, sourceIps, userAgent, receivedMs, command, null, executor);
  }

  /** This API server, which asks for something by itself. */
  public static Caller itself(UserInfo user, InstantSource clock, Executor executor) {
    return new Caller(
        user,
        UUID.randomUUID().toString(),
        "",
        List.of(),
        "apiserver",
        clock.millis(),
        Optional.empty(),
        executor);
  }

  /** What the journal records of the request. */
  public Origin origin(String verb) {
    return new Origin(
        auditId, verb, requestUri, user, sourceIps, userAgent, receivedMs, command, traceparent);
  }
}
