package dev.shiplog.api.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;

/**
 * A PriorityLevelConfiguration, read. Immutable; any thread.
 *
 * @param exempt whether its requests never wait
 * @param shares its part of all seats, relative to the others'
 * @param lendablePercent how many of its seats others may use while it does not
 * @param borrowingPercent how many seats of others it may use, relative to its own; negative for
 *     any number
 * @param queues none: what cannot be worked on at once is refused
 */
record LevelSettings(
    String name,
    String uid,
    boolean exempt,
    int shares,
    int lendablePercent,
    int borrowingPercent,
    int queues,
    int handSize,
    int queueLength) {

  private static final int DEFAULT_SHARES = 30;
  private static final int DEFAULT_QUEUES = 64;
  private static final int DEFAULT_HAND = 8;
  private static final int DEFAULT_LENGTH = 50;

  static LevelSettings of(ObjectNode tree) {
    JsonNode spec = tree.path("spec");
    boolean exempt = Trees.text(spec, "type").equals("Exempt");
    JsonNode limited = spec.path("limited");
    JsonNode response = limited.path("limitResponse");
    boolean queue = Trees.text(response, "type").equals("Queue");
    JsonNode queuing = response.path("queuing");
    return new LevelSettings(
        Trees.text(tree, "metadata", "name"),
        Trees.text(tree, "metadata", "uid"),
        exempt,
        exempt
            ? Trees.at(spec, "exempt", "nominalConcurrencyShares").asInt(0)
            : limited.path("nominalConcurrencyShares").asInt(DEFAULT_SHARES),
        limited.path("lendablePercent").asInt(0),
        limited.path("borrowingLimitPercent").asInt(-1),
        queue ? queuing.path("queues").asInt(DEFAULT_QUEUES) : 0,
        queuing.path("handSize").asInt(DEFAULT_HAND),
        queuing.path("queueLengthLimit").asInt(DEFAULT_LENGTH));
  }

  /** Where there is no such object: everybody who is sorted here waits in one queue. */
  static LevelSettings catchAll() {
    return new LevelSettings("catch-all", "", false, 5, 0, -1, 0, 1, 0);
  }
}
