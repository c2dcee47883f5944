package dev.shiplog.agent.pod;

import dev.shiplog.agent.assignments.AssignmentListener;
import dev.shiplog.agent.node.Pressure;
import dev.shiplog.agent.pod.admission.Admission;
import dev.shiplog.agent.pod.admission.NodeLabels;
import dev.shiplog.agent.pod.resize.NodeShares;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.staticpods.Mirrors;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The pods of one node: a worker for each, told of what the log and the runtime say. Until the
 * first snapshot nothing is touched: only then it is known what is an orphan.
 *
 * <p>Workers are added and removed under this lock; they may be read by any thread.
 */
public final class NodePods implements AssignmentListener, AutoCloseable {

  private static final Duration LOOK_FOR_ORPHANS_EVERY = Duration.ofMinutes(1);

  private final NodeContext node;
  private final PodEvents events;
  private final ActionRunner runner;
  private final PodReports reports;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private final Periodic orphans;
  private final NodeShares shares;
  private final Admission admission;
  private final Map<String, Pod> mirrors = new ConcurrentHashMap<>();
  private volatile boolean synced;
  private boolean closed;
  private volatile boolean shuttingDown;
  private volatile Set<Pressure> pressures = Set.of();

  /** A node without pods. */
  public NodePods(NodeContext node) {
    this.node = node;
    events = new PodEvents(node.events());
    runner = new ActionRunner(node, events);
    reports = new PodReports(node, events);
    shares = new NodeShares(node.settings().allocatable());
    NodeLabels labels = new NodeLabels(node.settings(), node.services().cluster());
    admission = new Admission(labels, node.runtime(), () -> pressures, () -> shuttingDown);
    Orphans remover = new Orphans(node);
    SerialExecutor owner =
        new SerialExecutor(
            node.services().threads(), e -> node.services().faults().fault("Removing orphans", e));
    orphans =
        new Periodic(
            node.services().timers(),
            owner,
            node.services().random(),
            LOOK_FOR_ORPHANS_EVERY,
            () -> remover.remove(workers::containsKey));
    node.runtime().onChange(this::changed);
  }

  @Override
  public synchronized void snapshot(Collection<Pod> pods) {
    if (closed) {
      return;
    }
    Set<String> uids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    workers.forEach((uid, worker) -> {
      if (!uids.contains(uid) && !worker.isStatic()) {
        gone(worker);
      }
    });
    mirrors.clear();
    pods.forEach(this::assigned);
    synced = true;
    orphans.runNow();
  }

  @Override
  public void assigned(Pod pod) {
    assigned(pod, null);
  }

  @Override
  public synchronized void assigned(Pod pod, String traceparent) {
    if (closed) {
      return;
    }
    if (Mirrors.isMirror(pod)) {
      mirrored(pod);
    } else {
      runs(pod, traceparent);
    }
  }

  private void runs(Pod pod, String traceparent) {
    String uid = pod.getMetadata().getUid();
    named(pod.getMetadata().getNamespace(), pod.getMetadata().getName()).stream()
        .filter(other -> !other.identity().uid().equals(uid))
        .forEach(this::gone);
    PodWorker known = workers.get(uid);
    if (known != null) {
      known.assigned(pod, traceparent);
    } else {
      PodWorker worker =
          new PodWorker(
              node, pod, traceparent, runner, reports, shares, admission, () -> forget(uid));
      workers.put(uid, worker);
      worker.start();
    }
  }

  /** These are all the pods that files of this node tell of. */
  public synchronized void staticPods(Collection<Pod> pods) {
    if (closed) {
      return;
    }
    Set<String> uids =
        pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    workers.forEach((uid, worker) -> {
      if (worker.isStatic() && !uids.contains(uid)) {
        gone(worker);
      }
    });
    pods.forEach(pod -> {
      runs(pod, null);
      Optional.ofNullable(mirrors.get(key(pod))).ifPresent(this::mirrored);
    });
  }

  /** What the cluster shows of this node's static pods, by {@link #key}. */
  public Map<String, Pod> mirrors() {
    return Map.copyOf(mirrors);
  }

  /** Whether the log has told of all the node's pods. */
  public boolean isSynced() {
    return synced;
  }

  /** Namespace and name. */
  public static String key(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  private void mirrored(Pod mirror) {
    mirrors.put(key(mirror), mirror);
    named(mirror.getMetadata().getNamespace(), mirror.getMetadata().getName()).stream()
        .filter(PodWorker::isStatic)
        .forEach(worker -> worker.mirrored(mirror));
  }

  /**
   * Ends a pod that the node cannot afford, or that uses more than it may. Nothing happens if it is
   * not there.
   *
   * @param message tells its users why
   */
  public void evict(String uid, String message) {
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.evict(message);
    }
  }

  /** Whether nothing of the pod takes any room on the node. Blocks for a moment. */
  public boolean isGone(String uid) {
    PodWorker worker = workers.get(uid);
    return worker == null || worker.isGone().join();
  }

  /**
   * Removes containers, logs and files of the pods that have ended. Blocks for a moment; returns
   * whether there is something that goes now.
   */
  public boolean reclaimEnded() {
    List<CompletableFuture<Boolean>> asked =
        workers.values().stream().map(PodWorker::reclaim).toList();
    return asked.stream().anyMatch(CompletableFuture::join);
  }

  /**
   * Ends all pods in the order of their priorities, because the node shuts down; those that come
   * now are refused. Returns once they have ended, or their time is over.
   */
  public void shutDown(ShutdownPeriods periods) {
    List<PodWorker> all;
    synchronized (this) {
      shuttingDown = true;
      all = List.copyOf(workers.values());
    }
    new PodShutdown(all, periods).run();
  }

  /** These are short from now on; pods that come are refused for it. */
  public void under(Set<Pressure> now) {
    pressures = Set.copyOf(now);
  }

  /** To the cluster there is room at once where such a pod was, though it may still be ending. */
  private void gone(PodWorker worker) {
    shares.release(worker.identity().uid());
    worker.removed();
  }

  private void forget(String uid) {
    workers.remove(uid);
    shares.release(uid);
    node.events().forget(uid);
  }

  @Override
  public synchronized void removed(String namespace, String name) {
    mirrors.remove(namespace + "/" + name);
    named(namespace, name).stream().filter(worker -> !worker.isStatic()).forEach(this::gone);
  }

  private void changed(String podUid) {
    PodWorker worker = workers.get(podUid);
    if (worker != null) {
      worker.runtimeChanged();
    }
  }

  /** More than one while a pod is followed by another of its name. */
  private List<PodWorker> named(String namespace, String name) {
    return workers.values().stream()
        .filter(worker -> worker.identity().namespace().equals(namespace))
        .filter(worker -> worker.identity().name().equals(name))
        .toList();
  }

  /** What runs them. */
  public PodRuntime runtime() {
    return node.runtime();
  }

  /** The pods that the node still has something of, each with the status it was last seen in. */
  public List<Pod> pods() {
    return workers.values().stream().map(PodWorker::latest).toList();
  }

  /** The pod of that name; of several the one that is not going. */
  public Optional<Pod> pod(String namespace, String name) {
    List<Pod> found = named(namespace, name).stream().map(PodWorker::latest).toList();
    return found.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** Stops working on the pods. Their containers go on running. */
  @Override
  public synchronized void close() {
    closed = true;
    orphans.close();
    workers.values().forEach(PodWorker::close);
  }
}
