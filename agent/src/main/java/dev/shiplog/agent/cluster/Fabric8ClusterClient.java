package dev.shiplog.agent.cluster;

import dev.shiplog.agent.cluster.PlainRequests.RefusedRequestException;
import dev.shiplog.agent.runtime.PodIdentity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
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
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The API server over REST, with the identity that the given client was configured with. Time-outs
 * are the client's.
 */
public final class Fabric8ClusterClient implements ClusterClient {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final Supplier<KubernetesClient> clients;
  private final RequestGate gate;

  /**
   * Each request goes by the client there is at the time: identities are renewed. The caller keeps
   * the clients and closes them.
   *
   * @param gate shared by all nodes of the process
   */
  public Fabric8ClusterClient(Supplier<KubernetesClient> clients, RequestGate gate) {
    this.clients = clients;
    this.gate = gate;
  }

  @Override
  public Optional<Node> node(String name) {
    return Optional.ofNullable(aboutNode(() -> client().nodes().withName(name).get()));
  }

  @Override
  public Node createNode(Node node) {
    return aboutNode(() -> client().nodes().resource(node).create());
  }

  @Override
  public Node patchNode(String name, Node patch) {
    return changeNode("/api/v1/nodes/" + name, patch);
  }

  @Override
  public Node patchNodeStatus(String name, Node patch) {
    return changeNode("/api/v1/nodes/" + name + "/status", patch);
  }

  private Node changeNode(String path, Node patch) {
    byte[] changed =
        aboutNode(() ->
            new PlainRequests(client())
                .send("PATCH", path, PlainRequests.STRATEGIC_PATCH, json().asJson(patch)));
    return json().unmarshal(new ByteArrayInputStream(changed), Node.class);
  }

  @Override
  public Optional<Lease> lease(String namespace, String name) {
    return Optional.ofNullable(
        aboutNode(() -> client().leases().inNamespace(namespace).withName(name).get()));
  }

  @Override
  public Lease createLease(Lease lease) {
    return aboutNode(() ->
        client().leases().inNamespace(lease.getMetadata().getNamespace()).resource(lease).create());
  }

  @Override
  public Lease updateLease(Lease lease) {
    ObjectMeta meta = lease.getMetadata();
    String path =
        "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
            .formatted(meta.getNamespace(), meta.getName());
    byte[] changed =
        aboutNode(() ->
            new PlainRequests(client())
                .send("PUT", path, PlainRequests.JSON, json().asJson(lease)));
    return json().unmarshal(new ByteArrayInputStream(changed), Lease.class);
  }

  @Override
  public void patchPodStatus(PodIdentity pod, String status) {
    // A uid in a patch is a precondition: the server refuses to change an object's uid.
    String patch = "{\"metadata\":{\"uid\":\"" + pod.uid() + "\"},\"status\":" + status + "}";
    byte[] _ = send("PATCH", path(pod) + "/status", PlainRequests.STRATEGIC_PATCH, patch);
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
    try {
      byte[] _ = send("DELETE", path(pod), PlainRequests.JSON, json().asJson(options));
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
        Instant.parse(granted.getStatus().getExpirationTimestamp()),
        Duration.ofSeconds(granted.getSpec().getExpirationSeconds()));
  }

  @Override
  public StorageClient storage() {
    return new Fabric8StorageClient(clients, this::call);
  }

  @Override
  public AccessReviews reviews() {
    return new Fabric8AccessReviews(clients, this::call);
  }

  @Override
  public Map<Integer, String> tell(List<EventChange> changes) {
    return call(() -> new EventWrites(new PlainRequests(client()), json()).send(changes));
  }

  private static String path(PodIdentity pod) {
    return "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
  }

  private byte[] send(String method, String path, String mediaType, String body) {
    return call(() -> new PlainRequests(client()).send(method, path, mediaType, body));
  }

  private KubernetesClient client() {
    return clients.get();
  }

  private KubernetesSerialization json() {
    return client().getKubernetesSerialization();
  }

  private <T> T call(Supplier<T> request) {
    return gate.request(() -> judged(request));
  }

  private <T> T aboutNode(Supplier<T> request) {
    return gate.signOfLife(() -> judged(request));
  }

  private static <T> T judged(Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      throw judge(e);
    } catch (RefusedRequestException e) {
      throw judge(e.code(), e.getMessage(), e);
    }
  }

  private static ClusterException judge(KubernetesClientException e) {
    String message =
        e.getStatus() != null && e.getStatus().getMessage() != null
            ? e.getStatus().getMessage()
            : e.getMessage();
    return judge(e.getCode(), message, e);
  }

  /** What a caller may conclude from an answer; 0 is none. */
  static ClusterException judge(int code, String message, Exception cause) {
    return code > 0 && code < SERVER_ERROR && code != TOO_MANY_REQUESTS
        ? new ClusterRefusedException(code, message, cause)
        : new ClusterUnavailableException(message, cause);
  }
}
