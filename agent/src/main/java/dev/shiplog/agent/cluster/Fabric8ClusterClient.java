package dev.shiplog.agent.cluster;

import dev.shiplog.agent.runtime.PodIdentity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The API server over REST, with the identity that the given client was configured with. Time-outs
 * are the client's. However many pods a process has, it has only so many requests under way.
 */
public final class Fabric8ClusterClient implements ClusterClient {

  /** More would only queue in the server: a node's requests are short and seldom. */
  private static final int REQUESTS_AT_ONCE = 32;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final Supplier<KubernetesClient> clients;
  private final Semaphore requests = new Semaphore(REQUESTS_AT_ONCE);

  /** The caller keeps the client and closes it. */
  public Fabric8ClusterClient(KubernetesClient client) {
    this(() -> client);
  }

  /** Each request goes by the client there is at the time: identities are renewed. */
  public Fabric8ClusterClient(Supplier<KubernetesClient> clients) {
    this.clients = clients;
  }

  @Override
  public Optional<Node> node(String name) {
    return Optional.ofNullable(call(() -> client().nodes().withName(name).get()));
  }

  @Override
  public Node createNode(Node node) {
    return call(() -> client().nodes().resource(node).create());
  }

  @Override
  public Node patchNode(String name, Node patch) {
    return call(() -> client().nodes().withName(name).patch(STRATEGIC, json().asJson(patch)));
  }

  @Override
  public Node patchNodeStatus(String name, Node patch) {
    return call(() ->
        client()
            .nodes()
            .withName(name)
            .subresource("status")
            .patch(STRATEGIC, json().asJson(patch)));
  }

  @Override
  public Optional<Lease> lease(String namespace, String name) {
    return Optional.ofNullable(
        call(() -> client().leases().inNamespace(namespace).withName(name).get()));
  }

  @Override
  public Lease createLease(Lease lease) {
    return call(() ->
        client().leases().inNamespace(lease.getMetadata().getNamespace()).resource(lease).create());
  }

  @Override
  public Lease updateLease(Lease lease) {
    return call(() ->
        client().leases().inNamespace(lease.getMetadata().getNamespace()).resource(lease).update());
  }

  @Override
  public void patchPodStatus(PodIdentity pod, String status) {
    // A uid in a patch is a precondition: the server refuses to change an object's uid.
    String patch = "{\"metadata\":{\"uid\":\"" + pod.uid() + "\"},\"status\":" + status + "}";
    call(() ->
        client()
            .pods()
            .inNamespace(pod.namespace())
            .withName(pod.name())
            .subresource("status")
            .patch(STRATEGIC, patch));
  }

  @Override
  public void createPod(Pod pod) {
    call(
        () -> client().pods().inNamespace(pod.getMetadata().getNamespace()).resource(pod).create());
  }

  @Override
  public Optional<String> runtimeHandler(String runtimeClass) {
    return Optional.ofNullable(
            call(() -> client().resources(RuntimeClass.class).withName(runtimeClass).get()))
        .map(RuntimeClass::getHandler);
  }

  @Override
  public void deletePod(PodIdentity pod) {
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withGracePeriodSeconds(0L)
            .withNewPreconditions(null, pod.uid())
            .build();
    String path = "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
    try {
      call(() -> client().raw(path, "DELETE", options));
    } catch (ClusterRefusedException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  @Override
  public Optional<ConfigMap> configMap(String namespace, String name) {
    return Optional.ofNullable(
        call(() -> client().configMaps().inNamespace(namespace).withName(name).get()));
  }

  @Override
  public Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(
        call(() -> client().secrets().inNamespace(namespace).withName(name).get()));
  }

  @Override
  public Optional<PersistentVolumeClaim> persistentVolumeClaim(String namespace, String name) {
    return Optional.ofNullable(
        call(() -> client().persistentVolumeClaims().inNamespace(namespace).withName(name).get()));
  }

  @Override
  public Optional<PersistentVolume> persistentVolume(String name) {
    return Optional.ofNullable(call(() -> client().persistentVolumes().withName(name).get()));
  }

  @Override
  public ServiceAccountToken serviceAccountToken(
      PodIdentity pod, String serviceAccount, List<String> audiences, long expirationSeconds) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(audiences)
            .withExpirationSeconds(expirationSeconds)
            .withNewBoundObjectRef("v1", "Pod", pod.name(), pod.uid())
            .endSpec()
            .build();
    TokenRequest granted =
        call(() ->
            client()
                .serviceAccounts()
                .inNamespace(pod.namespace())
                .withName(serviceAccount)
                .tokenRequest(request));
    return new ServiceAccountToken(
        granted.getStatus().getToken(),
        Instant.parse(granted.getStatus().getExpirationTimestamp()));
  }

  @Override
  public void createEvent(Event event) {
    call(() ->
        client()
            .v1()
            .events()
            .inNamespace(event.getMetadata().getNamespace())
            .resource(event)
            .create());
  }

  @Override
  public void patchEvent(String namespace, String name, int count, Instant lastTimestamp) {
    String patch = json().asJson(Map.of("count", count, "lastTimestamp", lastTimestamp.toString()));
    call(
        () -> client().v1().events().inNamespace(namespace).withName(name).patch(STRATEGIC, patch));
  }

  private KubernetesClient client() {
    return clients.get();
  }

  private KubernetesSerialization json() {
    return client().getKubernetesSerialization();
  }

  private <T> T call(Supplier<T> request) {
    try {
      requests.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailableException("interrupted", e);
    }
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw judge(e);
    } finally {
      requests.release();
    }
  }

  private static ClusterException judge(KubernetesClientException e) {
    String message =
        e.getStatus() != null && e.getStatus().getMessage() != null
            ? e.getStatus().getMessage()
            : e.getMessage();
    boolean answered = e.getCode() > 0;
    return answered && e.getCode() < SERVER_ERROR && e.getCode() != TOO_MANY_REQUESTS
        ? new ClusterRefusedException(e.getCode(), message, e)
        : new ClusterUnavailableException(message, e);
  }
}
