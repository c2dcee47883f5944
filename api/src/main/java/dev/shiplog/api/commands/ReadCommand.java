package dev.shiplog.api.commands;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import dev.shiplog.topics.record.RecordHeaders;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A record of the commands topic.
 *
 * @param ref where it lies, and what it says of itself
 * @param command null if the record is no command
 * @param defect why it is none; null if it is one
 * @param lanes commands that share one are carried out one after the other
 */
record ReadCommand(CommandRef ref, Command command, String defect, List<String> lanes) {

  private static final int BAD_REQUEST = 400;

  static ReadCommand of(String topicId, StoredRecord stored) {
    byte[] keyBytes = stored.record().key();
    String key = keyBytes == null ? "" : new String(keyBytes, StandardCharsets.UTF_8);
    Place place = new Place(topicId, stored.partition().number(), stored.offset(), key);
    if (stored.record().value() == null) {
      return defective(place, "it has no value");
    }
    try {
      Command command = read(stored.record());
      PodBindings bindings = bindings(command);
      String defect = defectOf(command, bindings);
      return defect == null
          ? new ReadCommand(place.of(command), command, null, lanes(key, bindings))
          : defective(place, defect);
    } catch (UncheckedIOException e) {
      return defective(place, e.getCause().getMessage());
    } catch (IllegalArgumentException e) {
      return defective(place, e.getMessage());
    }
  }

  private static Command read(LogRecord record) {
    Command command = Json.read(record.value(), Command.class);
    String traceparent = RecordHeaders.traceparent(record);
    return command == null || traceparent == null ? command : command.tracedBy(traceparent);
  }

  /** Why it is refused without being tried, if it is. */
  Optional<CommandResult> refusal() {
    return Optional.ofNullable(defect)
        .map(why -> new CommandResult(BAD_REQUEST, "BadRequest", "no command: " + why, "", 0));
  }

  /** One that is about several pods waits for what was sent about each of them. */
  private static List<String> lanes(String key, PodBindings bindings) {
    return bindings == null
        ? List.of(key)
        : bindings.bindings().stream().map(PodBinding::key).distinct().toList();
  }

  /** Null if it is no command that binds. */
  private static PodBindings bindings(Command command) {
    return command != null && command.verb() == Command.Verb.BIND && command.body() != null
        ? Json.MAPPER.convertValue(command.body(), PodBindings.class)
        : null;
  }

  long offset() {
    return ref.offset();
  }

  private static ReadCommand defective(Place place, String why) {
    CommandRef ref =
        new CommandRef(place.topicId(), place.partition(), place.offset(), "", "", 0, place.key());
    return new ReadCommand(ref, null, why, List.of(place.key()));
  }

  private static String defectOf(Command command, PodBindings bindings) {
    if (command == null || command.verb() == null) {
      return "it has no verb";
    }
    if (command.id() == null || command.application() == null || command.actor() == null) {
      return "id, application and actor are required";
    }
    if (command.verb() != Command.Verb.BEGIN && command.target() == null) {
      return command.verb() + " needs a target";
    }
    return command.verb() == Command.Verb.BIND ? defectOf(bindings) : null;
  }

  private static String defectOf(PodBindings bindings) {
    if (bindings == null || bindings.bindings().isEmpty()) {
      return "it binds no pod";
    }
    boolean incomplete =
        bindings.bindings().stream()
            .anyMatch(each ->
                each.namespace() == null
                    || each.name() == null
                    || each.uid() == null
                    || each.node() == null);
    return incomplete ? "a binding needs namespace, name, uid and node" : null;
  }

  private record Place(String topicId, int partition, long offset, String key) {
    CommandRef of(Command command) {
      return new CommandRef(
          topicId,
          partition,
          offset,
          command.id(),
          command.application(),
          command.generation(),
          key);
    }
  }
}
