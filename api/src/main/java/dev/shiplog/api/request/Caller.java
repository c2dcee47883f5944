package dev.shiplog.api.request;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Optional;
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
    Executor executor) {

  public Caller {
    sourceIps = List.copyOf(sourceIps);
  }

  /** What the journal records of the request. */
  public Origin origin(String verb) {
    return new Origin(auditId, verb, requestUri, user, sourceIps, userAgent, receivedMs, command);
  }
}
