package dev.shiplog.streams.kit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Precondition;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;

/**
 * What a controller or the scheduler wants done; the kit makes it a {@link Command} by adding id,
 * application, generation and actor. {@link Commands} makes the usual ones.
 *
 * @param type the resource it is about
 * @param target the same, as the command names it
 * @param precondition null where there is none
 * @param patchType media type for {@link Verb#PATCH}, else null
 * @param body may be null for deletes
 */
public record CommandRequest(
    Verb verb,
    ResourceType<?> type,
    Target target,
    Precondition precondition,
    String patchType,
    JsonNode body) {

  public Command toCommand(String id, String application, long generation, String actor) {
    return new Command(
        id, application, generation, actor, verb, target, precondition, patchType, body);
  }
}
