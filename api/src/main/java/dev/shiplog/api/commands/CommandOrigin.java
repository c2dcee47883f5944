package dev.shiplog.api.commands;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Command;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the journal and the audit log say of a command's sender. Any thread. */
public final class CommandOrigin {

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
  private static final String AUTHENTICATED = "system:authenticated";

  private CommandOrigin() {}

  /**
   * The origin of what a command asks for.
   *
   * @param command null for a record that is no command
   * @param receivedMs when it was read
   */
  public static Origin of(Command command, CommandRef ref, long receivedMs) {
    return new Origin(
        auditId(ref),
        command == null ? "" : command.verb().name().toLowerCase(Locale.ROOT),
        command == null || command.target() == null ? "" : path(command),
        command == null ? UserInfo.of("system:anonymous") : user(command.actor()),
        List.of(),
        ref.application(),
        receivedMs,
        Optional.of(ref),
        command == null ? null : command.traceparent());
  }

  /** The actor with the groups that such a user has. */
  public static UserInfo user(String actor) {
    String[] account =
        actor.startsWith(SERVICE_ACCOUNT)
            ? actor.substring(SERVICE_ACCOUNT.length()).split(":", -1)
            : new String[0];
    List<String> groups =
        account.length == 2
            ? List.of(
                "system:serviceaccounts", "system:serviceaccounts:" + account[0], AUTHENTICATED)
            : List.of(AUTHENTICATED);
    return new UserInfo(actor, "", groups, Map.of());
  }

  /** The same for the same command, whoever carries it out and however often. */
  private static String auditId(CommandRef ref) {
    String place = ref.topicId() + "/" + ref.partition() + "/" + ref.offset();
    return UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static String path(Command command) {
    Command.Target target = command.target();
    StringBuilder path = new StringBuilder();
    path.append(target.group().isEmpty() ? "/api/" : "/apis/" + target.group() + "/");
    path.append(target.version());
    if (!target.namespace().isEmpty()) {
      path.append("/namespaces/").append(target.namespace());
    }
    path.append('/').append(target.plural());
    boolean onCollection = command.verb() == Command.Verb.CREATE && target.subresource().isEmpty();
    if (!target.name().isEmpty() && !onCollection) {
      path.append('/').append(target.name());
    }
    if (!target.subresource().isEmpty()) {
      path.append('/').append(target.subresource());
    }
    return path.toString();
  }
}
