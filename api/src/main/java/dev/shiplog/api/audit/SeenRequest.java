package dev.shiplog.api.audit;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request as its audit Event tells of it.
 *
 * @param auditId unique per request
 * @param uri path and query as asked for
 * @param sender who sent it; anonymous as long as nobody is known
 * @param actsAs whom the sender acts as
 * @param asked what it asks for
 * @param sourceIps nearest last
 * @param userAgent may be empty
 * @param receivedMs milliseconds since the epoch
 * @param dryRun whether it is to change nothing
 */
public record SeenRequest(
    String auditId,
    String uri,
    UserInfo sender,
    Optional<UserInfo> actsAs,
    Attributes asked,
    List<String> sourceIps,
    String userAgent,
    long receivedMs,
    boolean dryRun) {

  private static final Set<String> CHANGES =
      Set.of("create", "update", "patch", "delete", "deletecollection");
  private static final Set<String> REVIEWS =
      Set.of("authorization.k8s.io", "authentication.k8s.io");
  private static final Set<String> NOT_STORED =
      Set.of("token", "exec", "attach", "portforward", "proxy", "log");
  private static final int DONE = 200;
  private static final int REDIRECTED = 300;

  /** Whether the journal tells of it, if it was answered so. */
  boolean isInJournal(int code) {
    return code >= DONE
        && code < REDIRECTED
        && !dryRun
        && asked.isResource()
        && CHANGES.contains(asked.verb())
        && !REVIEWS.contains(asked.group())
        && !NOT_STORED.contains(asked.subresource());
  }

  /** On whose behalf. */
  UserInfo user() {
    return actsAs.orElse(sender);
  }
}
