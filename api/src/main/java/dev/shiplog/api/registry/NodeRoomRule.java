package dev.shiplog.api.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.limits.Amounts;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Lets a pod be bound to a node only while the node has room for it, so that no node is ever
 * overcommitted by a binding, whatever schedulers there are and however old what they have read is.
 * A node that is not known, or does not say what it has, is not judged; nor is a pod that is
 * created with its node.
 *
 * <p>What the pods of a node ask for is added up as they come and go. What a node has is kept while
 * its object is: it does not change, and the one thread that decides is the only user.
 */
public final class NodeRoomRule implements CommitRule {

  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource NODES = StorageResource.of("nodes", "");
  private static final String NODE_NAME = "spec.nodeName";
  private static final String COUNT = "pods";
  private static final Quantity ONE = new Quantity(BigDecimal.ONE, Quantity.Family.DECIMAL);
  private static final Quantity NONE = new Quantity(BigDecimal.ZERO, Quantity.Family.DECIMAL);

  private final Map<StoredObject, Map<String, Quantity>> allocatable = new WeakHashMap<>();

  @Override
  public String name() {
    return "NodeRoom";
  }

  @Override
  public boolean concerns(StorageResource resource) {
    return resource.equals(PODS);
  }

  @Override
  public boolean completes(StorageResource resource) {
    return false;
  }

  /** A pod that has ended takes nothing of its node. */
  @Override
  public Collection<String> indexed(StorageResource resource, ObjectNode pod) {
    String node = nodeOf(pod);
    String phase = Trees.text(pod, "status", "phase");
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    return node.isEmpty() || ended ? List.of() : List.of(node);
  }

  @Override
  public Map<String, Quantity> weighed(StorageResource resource, ObjectNode pod) {
    return askedBy(pod);
  }

  @Override
  public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
    if (before == null || after == null || !before.fields().getOrDefault(NODE_NAME, "").isEmpty()) {
      return;
    }
    String nodeName = nodeOf(after);
    StoredObject node =
        nodeName.isEmpty() ? null : state.get(new ObjectKey(NODES, "", nodeName)).orElse(null);
    if (node == null) {
      return;
    }
    Map<String, Quantity> has = allocatable.computeIfAbsent(node, NodeRoomRule::allocatable);
    if (!has.isEmpty()) {
      requireRoom(key, nodeName, has, state.total(PODS, name(), nodeName), askedBy(after));
    }
  }

  private static void requireRoom(
      ObjectKey key,
      String nodeName,
      Map<String, Quantity> has,
      Map<String, Quantity> taken,
      Map<String, Quantity> asked) {
    List<String> lacking = new ArrayList<>();
    asked.forEach((what, amount) -> {
      Quantity all = amount.plus(taken.getOrDefault(what, NONE));
      if (!amount.isZero() && all.compareTo(has.getOrDefault(what, NONE)) > 0) {
        lacking.add("%s: %s of %s".formatted(what, all, has.getOrDefault(what, NONE)));
      }
    });
    if (!lacking.isEmpty()) {
      throw Failures.conflict(
          "",
          "pods/binding",
          key.name(),
          "node %s has no room for it: with it the node would hold %s"
              .formatted(nodeName, String.join(", ", lacking)));
    }
  }

  private static Map<String, Quantity> askedBy(JsonNode pod) {
    Map<String, Quantity> asked = Amounts.ofPod(pod.path("spec"), "requests");
    asked.put(COUNT, ONE);
    return asked;
  }

  private static Map<String, Quantity> allocatable(StoredObject node) {
    return Amounts.of(node.tree().path("status").path("allocatable"));
  }

  private static String nodeOf(JsonNode pod) {
    return Trees.text(pod, "spec", "nodeName");
  }
}
