package dev.shiplog.api.access.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.StateFollower;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which node needs which object, because a pod that is bound to it does. A pod is read when it is
 * bound and forgotten when it ends; its changes in between cost nothing. One writer at a time; any
 * number of readers.
 */
public final class NodeGraph implements StateFollower.Derived {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource VOLUMES = StorageResource.of("persistentvolumes", "");
  private static final StorageResource ATTACHMENTS =
      StorageResource.of("volumeattachments", "storage.k8s.io");

  /** What it is derived from. */
  public static final List<StorageResource> SOURCES = List.of(PODS, VOLUMES, ATTACHMENTS);

  private static final String NODE_FIELD = "spec.nodeName";

  /** A pod on a node, and what it needs. */
  private record Bound(String node, Set<Reference> needs) {}

  /**
   * A volume.
   *
   * @param claim the claim it is bound to; empty if to none
   * @param nodes those on which it lies, if it lies on certain ones
   */
  private record Volume(Optional<Reference> claim, Set<Reference> secrets, Set<String> nodes) {}

  private final Map<ObjectKey, Bound> pods = new ConcurrentHashMap<>();
  private final Map<Reference, Map<String, Integer>> needed = new ConcurrentHashMap<>();
  private final Map<String, Volume> volumes = new ConcurrentHashMap<>();
  private final Map<Reference, Set<String>> volumesBySecret = new ConcurrentHashMap<>();
  private final Map<String, String> attachments = new ConcurrentHashMap<>();

  @Override
  public void change(StoredObject before, StoredObject after) {
    ObjectKey key = (after == null ? before : after).key();
    if (key.resource().equals(PODS)) {
      pod(key, after);
    } else if (key.resource().equals(VOLUMES)) {
      volume(key.name(), after == null ? null : after.content());
    } else if (after == null) {
      attachments.remove(key.name());
    } else {
      attachments.put(key.name(), after.content().at("/spec/nodeName").asText(""));
    }
  }

  /** Whether a pod on the node needs the object, or a volume does that such a pod has claimed. */
  boolean needs(String node, Reference wanted) {
    if (needed.getOrDefault(wanted, Map.of()).containsKey(node)) {
      return true;
    }
    for (String volume : volumesBySecret.getOrDefault(wanted, Set.of())) {
      if (needsVolume(node, volume)) {
        return true;
      }
    }
    return false;
  }

  boolean needsVolume(String node, String volume) {
    Volume known = volumes.get(volume);
    return known != null
        && known
            .claim()
            .filter(claim -> needed.getOrDefault(claim, Map.of()).containsKey(node))
            .isPresent();
  }

  /** Whether the volume is there and lies elsewhere: the node cannot have anything left of it. */
  boolean liesElsewhere(String node, String volume) {
    Volume known = volumes.get(volume);
    return known != null && !known.nodes().contains(node);
  }

  boolean isAttachedTo(String node, String attachment) {
    return node.equals(attachments.get(attachment));
  }

  /** The node a pod is bound to, empty text if to none; empty if it is not there. */
  Optional<String> nodeOf(String namespace, String pod) {
    return Optional.ofNullable(pods.get(new ObjectKey(PODS, namespace, pod))).map(Bound::node);
  }

  private void pod(ObjectKey key, StoredObject after) {
    String node = after == null ? "" : after.fields().getOrDefault(NODE_FIELD, "");
    Bound known = pods.get(key);
    if (known != null && after != null && known.node().equals(node)) {
      return;
    }
    if (after == null) {
      pods.remove(key);
    } else {
      Bound bound = new Bound(node, node.isEmpty() ? Set.of() : needs(key, after));
      bound.needs().forEach(reference -> count(reference, node, 1));
      pods.put(key, bound);
    }
    if (known != null) {
      known.needs().forEach(reference -> count(reference, known.node(), -1));
    }
  }

  private static Set<Reference> needs(ObjectKey key, StoredObject pod) {
    return PodReferences.ofPod(pod.content(), key.namespace(), key.name());
  }

  private void count(Reference reference, String node, int difference) {
    needed.compute(
        reference,
        (_, nodes) -> {
          Map<String, Integer> counted = nodes == null ? new ConcurrentHashMap<>() : nodes;
          counted.merge(node, difference, (a, b) -> a + b == 0 ? null : a + b);
          return counted.isEmpty() ? null : counted;
        });
  }

  private void volume(String name, ObjectNode volume) {
    Volume known = volumes.remove(name);
    if (known != null) {
      known
          .secrets()
          .forEach(secret ->
              volumesBySecret.computeIfPresent(
                  secret,
                  (_, of) -> {
                    of.remove(name);
                    return of.isEmpty() ? null : of;
                  }));
    }
    if (volume != null) {
      Volume now =
          new Volume(
              PodReferences.claimOf(volume),
              PodReferences.ofVolume(volume),
              PodReferences.nodesOf(volume));
      volumes.put(name, now);
      now.secrets()
          .forEach(secret ->
              volumesBySecret
                  .computeIfAbsent(secret, _ -> ConcurrentHashMap.newKeySet())
                  .add(name));
    }
  }
}
