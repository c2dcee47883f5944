package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.Trees.child;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Kinds of the apps group. */
final class WorkloadDefaults {

  private static final TextNode QUARTER = TextNode.valueOf("25%");

  private WorkloadDefaults() {}

  static void register(DefaultRules rules) {
    rules
        .type("apps.v1.DeploymentSpec")
        .value("replicas", 1)
        .emptyObject("strategy")
        .value("revisionHistoryLimit", 10)
        .value("progressDeadlineSeconds", 600);
    rules
        .type("apps.v1.DeploymentStrategy")
        .value("type", "RollingUpdate")
        .rule(WorkloadDefaults::deploymentRollingUpdate);
    rules.type("apps.v1.ReplicaSetSpec").value("replicas", 1);
    rules
        .type("apps.v1.DaemonSetSpec")
        .emptyObject("updateStrategy")
        .value("revisionHistoryLimit", 10);
    rules
        .type("apps.v1.DaemonSetUpdateStrategy")
        .value("type", "RollingUpdate")
        .rule(WorkloadDefaults::daemonRollingUpdate);
    rules
        .type("apps.v1.StatefulSetSpec")
        .value("podManagementPolicy", "OrderedReady")
        .emptyObject("updateStrategy")
        .emptyObject("persistentVolumeClaimRetentionPolicy")
        .value("replicas", 1)
        .value("revisionHistoryLimit", 10)
        .rule(WorkloadDefaults::claimTemplates);
    rules
        .type("apps.v1.StatefulSetUpdateStrategy")
        .value("type", "RollingUpdate")
        .rule(WorkloadDefaults::statefulRollingUpdate);
    rules
        .type("apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy")
        .value("whenDeleted", "Retain")
        .value("whenScaled", "Retain");
  }

  private static void deploymentRollingUpdate(ObjectNode strategy) {
    if (isRolling(strategy)) {
      ObjectNode rolling = child(strategy, "rollingUpdate");
      Defaults.setIfAbsent(rolling, "maxUnavailable", QUARTER);
      Defaults.setIfAbsent(rolling, "maxSurge", QUARTER);
    }
  }

  private static void daemonRollingUpdate(ObjectNode strategy) {
    if (isRolling(strategy)) {
      ObjectNode rolling = child(strategy, "rollingUpdate");
      Defaults.setIfAbsent(rolling, "maxUnavailable", IntNode.valueOf(1));
      Defaults.setIfAbsent(rolling, "maxSurge", IntNode.valueOf(0));
    }
  }

  private static void statefulRollingUpdate(ObjectNode strategy) {
    if (isRolling(strategy)) {
      Defaults.setIfAbsent(child(strategy, "rollingUpdate"), "partition", IntNode.valueOf(0));
    }
  }

  private static void claimTemplates(ObjectNode spec) {
    for (ObjectNode claim : objects(spec, "volumeClaimTemplates")) {
      claim.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
    }
  }

  private static boolean isRolling(ObjectNode strategy) {
    return text(strategy, "type").equals("RollingUpdate");
  }
}
