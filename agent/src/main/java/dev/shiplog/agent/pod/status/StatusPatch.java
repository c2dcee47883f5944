package dev.shiplog.agent.pod.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A status as a strategic merge patch: everything the node owns is set, what it no longer says is
 * removed, and what belongs to others is not touched.
 */
public final class StatusPatch {

  /** Absent means gone; a merge patch has to say so. */
  private static final List<String> REMOVED_IF_ABSENT =
      List.of("reason", "message", "podIP", "podIPs", "observedGeneration");

  private static final List<String> REMOVED_IN_CONDITIONS = List.of("reason", "message");

  private StatusPatch() {}

  /**
   * The patch.
   *
   * @param told the status the server has; may be null
   */
  public static String of(PodStatus status, PodStatus told) {
    byte[] json = KubernetesJson.write(status).getBytes(StandardCharsets.UTF_8);
    ObjectNode patch = (ObjectNode) Json.read(json, JsonNode.class);
    REMOVED_IF_ABSENT.forEach(field -> removeIfAbsent(patch, field));
    for (JsonNode condition : patch.withArray("conditions")) {
      REMOVED_IN_CONDITIONS.forEach(field -> removeIfAbsent((ObjectNode) condition, field));
    }
    if (told != null) {
      removeConditions(patch.withArray("conditions"), status, told);
    }
    if (told != null && !told.getPodIPs().isEmpty() && !status.getPodIPs().isEmpty()) {
      replaceAddresses(patch, told.getPodIPs(), status.getPodIPs());
    }
    return patch.toString();
  }

  /** Whether the server has all that the node owns as it is to be. */
  public static boolean isTold(PodStatus status, PodStatus told) {
    return told != null
        && Objects.equals(status.getPhase(), told.getPhase())
        && Objects.equals(status.getReason(), told.getReason())
        && Objects.equals(status.getMessage(), told.getMessage())
        && Objects.equals(status.getPodIPs(), told.getPodIPs())
        && Objects.equals(status.getHostIP(), told.getHostIP())
        && Objects.equals(status.getStartTime(), told.getStartTime())
        && status.getContainerStatuses().equals(told.getContainerStatuses())
        && status.getInitContainerStatuses().equals(told.getInitContainerStatuses())
        && status.getEphemeralContainerStatuses().equals(told.getEphemeralContainerStatuses())
        && owned(status).equals(owned(told));
  }

  /** Whether a condition is the node's to set. */
  public static boolean isOwned(PodCondition condition) {
    return Conditions.OWNED.contains(condition.getType());
  }

  private static List<PodCondition> owned(PodStatus status) {
    return status.getConditions().stream()
        .filter(StatusPatch::isOwned)
        .sorted(Comparator.comparing(PodCondition::getType))
        .toList();
  }

  /** Conditions are merged by their type, so one that holds no more has to be named. */
  private static void removeConditions(ArrayNode conditions, PodStatus status, PodStatus told) {
    Set<String> kept =
        status.getConditions().stream().map(PodCondition::getType).collect(Collectors.toSet());
    told.getConditions().stream()
        .filter(StatusPatch::isOwned)
        .filter(old -> !kept.contains(old.getType()))
        .forEach(old -> conditions.addObject().put("$patch", "delete").put("type", old.getType()));
  }

  private static void removeIfAbsent(ObjectNode node, String field) {
    if (!node.hasNonNull(field)) {
      node.putNull(field);
    }
  }

  /** Addresses are merged by their ip, so an address that was replaced has to be named. */
  private static void replaceAddresses(ObjectNode patch, List<PodIP> told, List<PodIP> now) {
    ArrayNode addresses = patch.withArray("podIPs");
    told.stream()
        .filter(old -> !now.contains(old))
        .forEach(old -> addresses.addObject().put("$patch", "delete").put("ip", old.getIp()));
  }
}
