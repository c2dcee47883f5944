package dev.shiplog.agent.testing;

import dev.shiplog.agent.cluster.AccessReviews;
import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.cluster.ClusterUnavailableException;
import dev.shiplog.agent.cluster.EventChange;
import dev.shiplog.agent.cluster.KubernetesJson;
import dev.shiplog.agent.runtime.PodIdentity;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An API server in memory, as far as a node talks to it. It keeps what it is told and refuses as
 * the real one does; a test may make it unreachable. Safe for use by many threads; everything is
 * guarded by this. It is one file because it is one interface, without a thought in it.
 */
public final class InMemoryCluster implements ClusterClient {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Lease> leases = new HashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, ConfigMap> configMaps = new HashMap<>();
  private final Map<String, Secret> secrets = new HashMap<>();
  private final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
  private final Map<String, PersistentVolume> volumes = new HashMap<>();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final List<Event> events = new ArrayList<>();
  private final List<Integer> told = new ArrayList<>();
  private final Set<String> closedNamespaces = new HashSet<>();
  private final List<PodIdentity> deleted = new ArrayList<>();
  private Consumer<Pod> onPodChange = pod -> {};
  private Consumer<Pod> onPodRemoval = pod -> {};
  private boolean reachable = true;
  private long revision = 1;
  private int statusWrites;
  private int configMapReads;

  // --- what a test does

  /** Calls fail until {@link #reconnect}. */
  public synchronized void cutOff() {
    reachable = false;
  }

  public synchronized void reconnect() {
    reachable = true;
  }

  public synchronized void put(Node node) {
    nodes.put(node.getMetadata().getName(), node);
  }

  public synchronized void put(ConfigMap map) {
    configMaps.put(key(map.getMetadata().getNamespace(), map.getMetadata().getName()), map);
  }

  public synchronized void put(PersistentVolumeClaim claim) {
    claims.put(key(claim.getMetadata().getNamespace(), claim.getMetadata().getName()), claim);
  }

  public synchronized void put(PersistentVolume volume) {
    volumes.put(volume.getMetadata().getName(), volume);
  }

  public synchronized void deletePersistentVolume(String name) {
    volumes.remove(name);
  }

  public synchronized void put(Secret secret) {
    secrets.put(key(secret.getMetadata().getNamespace(), secret.getMetadata().getName()), secret);
  }

  /** Creates or replaces a pod. */
  public synchronized void put(Pod pod) {
    pods.put(key(pod.getMetadata().getNamespace(), pod.getMetadata().getName()), pod);
    onPodChange.accept(pod);
  }

  /** Removes a pod without asking its node, as a forced deletion does. */
  public synchronized void removePod(String namespace, String name) {
    Pod gone = pods.remove(key(namespace, name));
    if (gone != null) {
      onPodRemoval.accept(gone);
    }
  }

  public synchronized void removeLease(String namespace, String name) {
    leases.remove(key(namespace, name));
  }

  /** Is told of pods in the order of their changes, as the log would tell it; must not block. */
  public synchronized void onPodChange(Consumer<Pod> changed, Consumer<Pod> removed) {
    onPodChange = changed;
    onPodRemoval = removed;
  }

  public synchronized Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(pods.get(key(namespace, name)));
  }

  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** With how many events each request came. */
  public synchronized List<Integer> eventRequests() {
    return List.copyOf(told);
  }

  /** The namespace takes no new objects, as one that is being deleted. */
  public synchronized void closeNamespace(String name) {
    closedNamespaces.add(name);
  }

  /** An event is forgotten, as old ones are. */
  public synchronized void removeEvents() {
    events.clear();
  }

  /** Pods that were deleted at once, in order. */
  public synchronized List<PodIdentity> deleted() {
    return List.copyOf(deleted);
  }

  public synchronized int statusWrites() {
    return statusWrites;
  }

  public synchronized int configMapReads() {
    return configMapReads;
  }

  // --- what a node does

  @Override
  public synchronized Optional<Node> node(String name) {
    requireReachable();
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public synchronized Node createNode(Node node) {
    requireReachable();
    String name = node.getMetadata().getName();
    if (nodes.containsKey(name)) {
      throw new ClusterRefusedException(CONFLICT, "nodes \"" + name + "\" already exists", null);
    }
    Node created =
        new NodeBuilder(node).editMetadata().withUid("uid-of-" + name).endMetadata().build();
    nodes.put(name, created);
    return created;
  }

  @Override
  public synchronized Node patchNode(String name, Node patch) {
    Node changed =
        new NodeBuilder(existingNode(name))
            .editMetadata()
            .addToLabels(patch.getMetadata().getLabels())
            .addToAnnotations(patch.getMetadata().getAnnotations())
            .endMetadata()
            .build();
    if (changed.getMetadata().getAnnotations() != null) {
      changed.getMetadata().getAnnotations().values().removeIf(Objects::isNull);
    }
    nodes.put(name, changed);
    return changed;
  }

  @Override
  public synchronized Node patchNodeStatus(String name, Node patch) {
    NodeStatus status = patch.getStatus();
    Node changed = new NodeBuilder(existingNode(name)).withStatus(status).build();
    nodes.put(name, changed);
    statusWrites++;
    return changed;
  }

  private Node existingNode(String name) {
    return node(name).orElseThrow(() -> notFound("nodes", name));
  }

  @Override
  public synchronized Optional<Lease> lease(String namespace, String name) {
    requireReachable();
    return Optional.ofNullable(leases.get(key(namespace, name)));
  }

  @Override
  public synchronized Lease createLease(Lease lease) {
    requireReachable();
    return keep(lease);
  }

  @Override
  public synchronized Lease updateLease(Lease lease) {
    requireReachable();
    Lease known = leases.get(key(lease));
    if (known == null) {
      throw notFound("leases", lease.getMetadata().getName());
    }
    String version = known.getMetadata().getResourceVersion();
    if (!version.equals(lease.getMetadata().getResourceVersion())) {
      throw new ClusterRefusedException(CONFLICT, "the object has been modified", null);
    }
    return keep(lease);
  }

  private Lease keep(Lease lease) {
    Lease kept =
        new LeaseBuilder(lease)
            .editMetadata()
            .withResourceVersion(Long.toString(revision++))
            .endMetadata()
            .build();
    leases.put(key(lease), kept);
    return kept;
  }

  @Override
  public synchronized void patchPodStatus(PodIdentity pod, String status) {
    Pod changed = withStatus(existingPod(pod), status);
    statusWrites++;
    put(changed);
  }

  private Pod existingPod(PodIdentity pod) {
    requireReachable();
    Pod known = pod(pod.namespace(), pod.name()).orElseThrow(() -> notFound("pods", pod.name()));
    if (!known.getMetadata().getUid().equals(pod.uid())) {
      throw new ClusterRefusedException(CONFLICT, "the uid is another one", null);
    }
    return known;
  }

  /** Enough of a strategic merge: the patch holds every field a node owns. */
  private Pod withStatus(Pod known, String status) {
    Pod changed = KubernetesJson.copy(known);
    PodStatus read = KubernetesJson.read(status.getBytes(StandardCharsets.UTF_8), PodStatus.class);
    read.getConditions().removeIf(each -> each.getAdditionalProperties().containsKey("$patch"));
    changed.setStatus(read);
    changed.getMetadata().setResourceVersion(Long.toString(revision++));
    return changed;
  }

  @Override
  public synchronized void createPod(Pod pod) {
    requireReachable();
    if (pod(pod.getMetadata().getNamespace(), pod.getMetadata().getName()).isPresent()) {
      throw new ClusterRefusedException(CONFLICT, "the name is taken", null);
    }
    put(
        new PodBuilder(pod)
            .editMetadata()
            .withUid("uid-" + UUID.randomUUID())
            .endMetadata()
            .build());
  }

  /** Every class is called as its handler. */
  @Override
  public Optional<String> runtimeHandler(String runtimeClass) {
    return runtimeClass.startsWith("missing") ? Optional.empty() : Optional.of(runtimeClass);
  }

  @Override
  public synchronized void deletePod(PodIdentity pod) {
    requireReachable();
    Optional<Pod> known =
        pod(pod.namespace(), pod.name())
            .filter(each -> each.getMetadata().getUid().equals(pod.uid()));
    if (known.isPresent()) {
      deleted.add(pod);
      removePod(pod.namespace(), pod.name());
    }
  }

  @Override
  public synchronized Optional<ConfigMap> configMap(String namespace, String name) {
    requireReachable();
    configMapReads++;
    return Optional.ofNullable(configMaps.get(key(namespace, name)));
  }

  @Override
  public synchronized Optional<Secret> secret(String namespace, String name) {
    requireReachable();
    return Optional.ofNullable(secrets.get(key(namespace, name)));
  }

  @Override
  public synchronized Optional<PersistentVolumeClaim> persistentVolumeClaim(
      String namespace, String name) {
    requireReachable();
    return Optional.ofNullable(claims.get(key(namespace, name)));
  }

  @Override
  public synchronized Optional<PersistentVolume> persistentVolume(String name) {
    requireReachable();
    return Optional.ofNullable(volumes.get(name));
  }

  @Override
  public synchronized ServiceAccountToken serviceAccountToken(
      PodIdentity pod, String serviceAccount, List<String> audiences, long expirationSeconds) {
    requireReachable();
    return new ServiceAccountToken(
        "token-" + revision++ + "-of-" + serviceAccount,
        Instant.EPOCH.plusSeconds(expirationSeconds),
        Duration.ofSeconds(expirationSeconds));
  }

  @Override
  public InMemoryStorage storage() {
    return storage;
  }

  /** Knows nobody, and grants nothing. */
  @Override
  public AccessReviews reviews() {
    return new AccessReviews() {
      @Override
      public Optional<User> userOf(String token) {
        return Optional.empty();
      }

      @Override
      public boolean mayAsk(User user, String verb, String node, String subresource) {
        return false;
      }
    };
  }

  @Override
  public synchronized Map<Integer, String> tell(List<EventChange> changes) {
    requireReachable();
    told.add(changes.size());
    Map<Integer, String> refused = new HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      if (!tell(changes.get(i))) {
        refused.put(i, "refused by the test");
      }
    }
    return refused;
  }

  private boolean tell(EventChange change) {
    return switch (change) {
      case EventChange.First(Event event) ->
          !closedNamespaces.contains(event.getMetadata().getNamespace()) && events.add(event);
      case EventChange.Again again -> again(again);
    };
  }

  private boolean again(EventChange.Again again) {
    Optional<Event> known =
        events.stream()
            .filter(event -> event.getMetadata().getName().equals(again.name()))
            .findFirst();
    known.ifPresent(event -> {
      event.setCount(again.count());
      event.setLastTimestamp(again.last().toString());
    });
    return known.isPresent();
  }

  private void requireReachable() {
    if (!reachable) {
      throw new ClusterUnavailableException("cut off by the test", null);
    }
  }

  private static ClusterRefusedException notFound(String resource, String name) {
    return new ClusterRefusedException(NOT_FOUND, resource + " \"" + name + "\" not found", null);
  }

  private static String key(Lease lease) {
    return key(lease.getMetadata().getNamespace(), lease.getMetadata().getName());
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
