package dev.shiplog.streams.controllers.replicaset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The two kinds that keep a number of pods, and how to see the older one as the newer.
 *
 * @param asSetFunction keeps the metadata of the object itself
 * @param withStatusFunction the object with the status of its set
 */
record ReplicaKind<T extends HasMetadata>(
    ResourceType<T> type,
    Function<T, ReplicaSet> asSetFunction,
    BiFunction<T, ReplicaSetStatus, T> withStatusFunction) {

  static final ReplicaKind<ReplicaSet> REPLICA_SET =
      new ReplicaKind<>(
          ResourceTypes.REPLICA_SETS,
          set -> set,
          (set, status) -> new ReplicaSetBuilder(set).withStatus(status).build());

  static final ReplicaKind<ReplicationController> REPLICATION_CONTROLLER =
      new ReplicaKind<>(
          ResourceTypes.REPLICATION_CONTROLLERS,
          ReplicaKind::setOf,
          (controller, status) ->
              new ReplicationControllerBuilder(controller).withStatus(statusOf(status)).build());

  ReplicaSet asSet(T object) {
    return asSetFunction.apply(object);
  }

  T withStatus(T object, ReplicaSetStatus status) {
    return withStatusFunction.apply(object, status);
  }

  static LabelSelector selectorOf(ReplicationController controller) {
    return new LabelSelectorBuilder().withMatchLabels(controller.getSpec().getSelector()).build();
  }

  /** What both have: a ReplicationController does not tell how many of its pods are ending. */
  private static ReplicationControllerStatus statusOf(ReplicaSetStatus status) {
    ObjectNode tree = KubernetesJson.tree(status);
    tree.remove("terminatingReplicas");
    return KubernetesJson.read(tree, ReplicationControllerStatus.class);
  }

  private static ReplicaSet setOf(ReplicationController controller) {
    return new ReplicaSetBuilder()
        .withMetadata(controller.getMetadata())
        .withNewSpec()
        .withReplicas(controller.getSpec().getReplicas())
        .withMinReadySeconds(controller.getSpec().getMinReadySeconds())
        .withSelector(selectorOf(controller))
        .withTemplate(controller.getSpec().getTemplate())
        .endSpec()
        .withStatus(
            controller.getStatus() == null
                ? null
                : KubernetesJson.read(
                    KubernetesJson.tree(controller.getStatus()), ReplicaSetStatus.class))
        .build();
  }

  static int wanted(ReplicaSet set) {
    Integer replicas = set.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }
}
