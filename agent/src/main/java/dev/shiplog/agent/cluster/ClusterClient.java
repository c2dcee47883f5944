package dev.shiplog.agent.cluster;

import dev.shiplog.agent.runtime.PodIdentity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API server, as far as a node needs it. Everything that the agent reports goes through here;
 * what it is to run it reads from the log.
 *
 * <p>Safe for use by many threads; every call blocks, for a bounded time. {@link
 * ClusterUnavailableException}: no answer, repeat. {@link ClusterRefusedException}: the server's
 * no. Objects given and taken are the caller's own: nobody changes them afterwards.
 */
public interface ClusterClient {

  // --- the node

  Optional<Node> node(String name);

  Node createNode(Node node);

  /**
   * Changes a node's metadata and spec by a strategic merge patch.
   *
   * @param patch a Node with the fields to set, and no others
   */
  Node patchNode(String name, Node patch);

  /** Changes a node's status by a strategic merge patch: conditions of others stay. */
  Node patchNodeStatus(String name, Node patch);

  Optional<Lease> lease(String namespace, String name);

  Lease createLease(Lease lease);

  /** Replaces a lease; refused with Conflict if it is not at its resourceVersion any more. */
  Lease updateLease(Lease lease);

  // --- pods

  /**
   * Changes a pod's status by a strategic merge patch that holds for this uid alone.
   *
   * @param status JSON of the fields to set; null removes one
   * @throws ClusterRefusedException NotFound if the pod is gone, Conflict if another one has its
   *     name
   */
  void patchPodStatus(PodIdentity pod, String status);

  /** Creates a pod that this node runs already; refused with Conflict if its name is taken. */
  void createPod(Pod pod);

  /** What a runtime class calls the runtime's handler; empty if there is no such class. */
  Optional<String> runtimeHandler(String runtimeClass);

  /**
   * Removes a pod at once: its containers have ended. Nothing happens if it is gone or another pod
   * has its name.
   */
  void deletePod(PodIdentity pod);

  // --- what pods refer to

  Optional<ConfigMap> configMap(String namespace, String name);

  Optional<Secret> secret(String namespace, String name);

  Optional<PersistentVolumeClaim> persistentVolumeClaim(String namespace, String name);

  Optional<PersistentVolume> persistentVolume(String name);

  /**
   * A token with which the pod is its service account.
   *
   * @param audiences empty for the API server's own
   * @param expirationSeconds how long it is to be good; the server may shorten it
   */
  ServiceAccountToken serviceAccountToken(
      PodIdentity pod, String serviceAccount, List<String> audiences, long expirationSeconds);

  /**
   * A service account's token.
   *
   * @param expiresAt from when on it is refused, by the server's clock
   * @param life for how long it was good when it was given
   */
  record ServiceAccountToken(String token, Instant expiresAt, Duration life) {

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
      return "ServiceAccountToken[until " + expiresAt + "]";
    }
  }

  // --- storage drivers

  /** What is asked and told about storage drivers. */
  StorageClient storage();

  /** What is asked about those who ask this node. */
  AccessReviews reviews();

  // --- events

  /**
   * Tells of events, in their order, and of several with one request where the server can take it.
   *
   * @return by index why some were refused; the others were told all the same
   */
  Map<Integer, String> tell(List<EventChange> changes);
}
