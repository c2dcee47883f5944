package dev.shiplog.agent.csi;

import dev.shiplog.agent.cluster.ClusterClient.ServiceAccountToken;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * Tokens of pods' service accounts; ones that are about to expire are replaced. Blocks, and throws
 * as the cluster's client does.
 */
@FunctionalInterface
public interface PodTokens {

  /**
   * A token.
   *
   * @param audience empty for the API server
   * @param seconds how long it is good; null for the usual time
   */
  ServiceAccountToken token(Pod pod, String audience, Long seconds);
}
