package dev.shiplog.api.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes into the status of FlowSchemas whether the priority level that they name exists, as
 * Kubernetes does it (condition {@code Dangling}), while this server leads. One thread, but for
 * {@link #wakeup}.
 */
public final class FlowCheckRun extends StateRun {

  private static final String GROUP = "flowcontrol.apiserver.k8s.io";
  private static final StorageResource SCHEMAS = StorageResource.of("flowschemas", GROUP);
  private static final StorageResource LEVELS =
      StorageResource.of("prioritylevelconfigurations", GROUP);
  private static final UserInfo SELF = UserInfo.of("system:apiserver", "system:masters");
  private static final String TYPE = "Dangling";
  private static final long LOOK_AGAIN_MS = 60_000;

  private final OwnCommits commits;
  private final InstantSource clock;

  public FlowCheckRun(Store store, InstantSource clock) {
    super(store, List.of(SCHEMAS, LEVELS), LOOK_AGAIN_MS, LOOK_AGAIN_MS);
    this.commits = new OwnCommits(store, clock, SELF);
    this.clock = clock;
  }

  @Override
  protected boolean look(Snapshot state) {
    Set<String> levels = new HashSet<>();
    state.list(LEVELS, "", "").forEachRemaining(level -> levels.add(level.key().name()));
    List<ProposedChange> changes = new ArrayList<>();
    state
        .list(SCHEMAS, "", "")
        .forEachRemaining(schema -> changed(schema, levels).ifPresent(changes::add));
    // All at once: a new cluster has many of them. What was stale is seen again with its change.
    return !changes.isEmpty()
        && !commits.commit(
            "update", "/apis/%s/v1/flowschemas/status".formatted(GROUP), List.copyOf(changes));
  }

  private Optional<ProposedChange> changed(StoredObject stored, Set<String> levels) {
    ObjectNode schema = stored.tree();
    String level = Trees.at(schema, "spec", "priorityLevelConfiguration", "name").asText();
    boolean dangles = !levels.contains(level);
    ObjectNode condition = condition(schema);
    String status = dangles ? "True" : "False";
    if (condition.path("status").asText().equals(status)) {
      return Optional.empty();
    }
    condition
        .put("status", status)
        .put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("reason", dangles ? "NotFound" : "Found")
        .put(
            "message",
            "This FlowSchema references the PriorityLevelConfiguration object named \"%s\" %s"
                .formatted(level, dangles ? "but there is no such object" : "and it exists"));
    return Optional.of(new ProposedChange.Update(stored.key(), stored.revision(), schema));
  }

  /** The schema's own one, or a new one in its status. */
  private static ObjectNode condition(ObjectNode schema) {
    ArrayNode conditions = schema.withObject("/status").withArray("conditions");
    for (JsonNode each : conditions) {
      if (each.path("type").asText().equals(TYPE)) {
        return (ObjectNode) each;
      }
    }
    return conditions.addObject().put("type", TYPE);
  }
}
