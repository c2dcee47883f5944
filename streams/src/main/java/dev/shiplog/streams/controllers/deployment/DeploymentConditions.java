package dev.shiplog.streams.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a status, changed in place; at most one of each type. */
final class DeploymentConditions {
  private final ArrayList<DeploymentCondition> list;
  private final String time;

  DeploymentConditions(List<DeploymentCondition> before, Instant now) {
    this.list = new ArrayList<>(before);
    this.time = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  List<DeploymentCondition> list() {
    return list;
  }

  Optional<DeploymentCondition> get(String type) {
    return list.stream().filter(condition -> condition.getType().equals(type)).findFirst();
  }

  void remove(String type) {
    list.removeIf(condition -> condition.getType().equals(type));
  }

  /** Nothing changes if status and reason are as before. */
  void set(String type, String status, String reason, String message) {
    Optional<DeploymentCondition> there = get(type);
    boolean same =
        there.filter(c -> c.getStatus().equals(status) && c.getReason().equals(reason)).isPresent();
    if (!same) {
      renew(type, status, reason, message);
    }
  }

  /** Even if status and reason are as before, it is updated now. */
  void renew(String type, String status, String reason, String message) {
    String since =
        get(type)
            .filter(condition -> condition.getStatus().equals(status))
            .map(DeploymentCondition::getLastTransitionTime)
            .orElse(time);
    remove(type);
    list.add(
        new DeploymentConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(message)
            .withLastUpdateTime(time)
            .withLastTransitionTime(since)
            .build());
  }

  void keepOrSet(
      List<DeploymentCondition> before, String type, String status, String reason, String message) {
    before.stream()
        .filter(condition -> condition.getType().equals(type))
        .filter(condition -> condition.getReason().equals(reason))
        .findFirst()
        .ifPresentOrElse(list::add, () -> renew(type, status, reason, message));
  }
}
