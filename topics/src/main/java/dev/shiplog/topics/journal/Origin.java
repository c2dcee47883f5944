package dev.shiplog.topics.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Optional;

/**
 * Who asked for a change and how: what the audit log says of it. It is part of the entry, so no
 * change exists without it.
 *
 * @param auditId unique per request
 * @param verb Kubernetes request verb: create, update, patch, delete, deletecollection …
 * @param requestUri path and query as asked for
 * @param user who asked, after authentication (and impersonation)
 * @param sourceIps nearest last; empty for commands
 * @param userAgent may be empty
 * @param receivedMs when the request arrived, milliseconds since the epoch
 * @param command the command that asked, where one did
 * @param traceparent the step of a trace that asked, as W3C writes it; null if nothing is traced
 */
public record Origin(
    String auditId,
    String verb,
    String requestUri,
    UserInfo user,
    List<String> sourceIps,
    String userAgent,
    long receivedMs,
    Optional<CommandRef> command,
    @JsonInclude(Include.NON_NULL) String traceparent) {

  public Origin {
    sourceIps = List.copyOf(sourceIps);
  }

  /** Of something that is not traced. */
  public Origin(
      String auditId,
      String verb,
      String requestUri,
      UserInfo user,
      List<String> sourceIps,
      String userAgent,
      long receivedMs,
      Optional<CommandRef> command) {
    this(auditId, verb, requestUri, user, sourceIps, userAgent, receivedMs, command, null);
  }
}
