package dev.shiplog.agent.assignments;

import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.StoredRecord;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.record.RecordHeaders;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Turns records into what listeners are told. While the log is being restored it keeps each node's
 * latest pods; afterwards it keeps nothing. Used by one thread.
 */
final class AssignmentBook {

  private static final Logger LOG = Logger.getLogger(AssignmentBook.class);

  private final Map<String, AssignmentListener> listeners;
  private final Map<AssignmentKey, byte[]> restoring = new LinkedHashMap<>();

  AssignmentBook(Map<String, AssignmentListener> listeners) {
    this.listeners = Map.copyOf(listeners);
  }

  void clear() {
    restoring.clear();
  }

  /** Takes a record in without telling anyone. */
  void restore(StoredRecord stored) {
    ours(stored)
        .ifPresent(key -> {
          if (stored.record().value() == null) {
            restoring.remove(key);
          } else {
            restoring.put(key, stored.record().value());
          }
        });
  }

  void tellSnapshots() {
    Map<String, List<Pod>> byNode = new HashMap<>();
    restoring.forEach((key, value) ->
        parse(key, value)
            .ifPresent(pod -> byNode.computeIfAbsent(key.node(), _ -> new ArrayList<>()).add(pod)));
    restoring.clear();
    listeners.forEach((node, listener) -> listener.snapshot(byNode.getOrDefault(node, List.of())));
  }

  /** Takes a record in and tells the node it is about. */
  void apply(StoredRecord stored) {
    ours(stored).ifPresent(key -> tell(listeners.get(key.node()), key, stored.record()));
  }

  private void tell(AssignmentListener listener, AssignmentKey key, LogRecord record) {
    if (record.value() == null) {
      listener.removed(key.namespace(), key.pod());
    } else {
      parse(key, record.value())
          .ifPresent(pod -> listener.assigned(pod, RecordHeaders.traceparent(record)));
    }
  }

  /** The record's key, if it is about one of this process' nodes. */
  private Optional<AssignmentKey> ours(StoredRecord stored) {
    AssignmentKey key =
        AssignmentKey.parse(new String(stored.record().key(), StandardCharsets.UTF_8));
    return Optional.of(key).filter(each -> listeners.containsKey(each.node()));
  }

  /**
   * A pod that cannot be read is said and left out, so that the others of the node do not suffer
   * from it.
   */
  private Optional<Pod> parse(AssignmentKey key, byte[] value) {
    try {
      return Optional.of(KubernetesJson.readStored(value, Pod.class));
    } catch (RuntimeException e) {
      LOG.errorf(e, "Assignment %s holds no pod that this agent can read", key.text());
      return Optional.empty();
    }
  }
}
