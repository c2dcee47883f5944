package dev.shiplog.streams.controllers.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;

/**
 * How a Deployment may go from one template to the next.
 *
 * @param recreate all old pods end before the first new one starts
 * @param replicas how many pods are wanted
 * @param maxSurge how many more there may be
 * @param maxUnavailable how many of those wanted may be unavailable
 */
record Strategy(boolean recreate, int replicas, int maxSurge, int maxUnavailable) {

  static Strategy of(Deployment deployment) {
    int replicas = replicasOf(deployment);
    if (isRecreate(deployment)) {
      return new Strategy(true, replicas, 0, 0);
    }
    RollingUpdateDeployment rolling = deployment.getSpec().getStrategy().getRollingUpdate();
    int surge = resolve(rolling == null ? null : rolling.getMaxSurge(), replicas, true);
    int unavailable =
        resolve(rolling == null ? null : rolling.getMaxUnavailable(), replicas, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1; // rounding must not stop every rollout
    }
    return new Strategy(false, replicas, surge, Math.min(unavailable, replicas));
  }

  private static boolean isRecreate(Deployment deployment) {
    return deployment.getSpec().getStrategy() == null
        ? false
        : "Recreate".equals(deployment.getSpec().getStrategy().getType());
  }

  private static int replicasOf(Deployment deployment) {
    Integer replicas = deployment.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** A number, or a percentage of the replicas; without either a quarter. */
  private static int resolve(IntOrString value, int replicas, boolean up) {
    if (value != null && value.getIntVal() != null) {
      return value.getIntVal();
    }
    String text = value == null || value.getStrVal() == null ? "25%" : value.getStrVal();
    long hundredths = Long.parseLong(text.replace("%", "").trim()) * replicas;
    return (int) (up ? Math.ceilDiv(hundredths, 100) : Math.floorDiv(hundredths, 100));
  }

  /** How many pods there may be at any time. */
  int maxReplicas() {
    return replicas == 0 ? 0 : replicas + maxSurge;
  }

  /** How many pods must be available at any time. */
  int minAvailable() {
    return replicas - maxUnavailable;
  }
}
