package dev.shiplog.agent.pod;

import dev.shiplog.agent.assignments.AssignmentListener;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private boolean closed;

  /** A node without pods. */
  public NodePods(NodeContext node) {
    this.node = node;
    events = new PodEvents(node.events());
    runner = new ActionRunner(node, events);
    reports = new PodReports(node, events);
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
      if (!uids.contains(uid)) {
        worker.removed();
      }
    });
    pods.forEach(this::assigned);
    orphans.runNow();
  }

  @Override
  public synchronized void assigned(Pod pod) {
    if (closed) {
      return;
    }
    String uid = pod.getMetadata().getUid();
    named(pod.getMetadata().getNamespace(), pod.getMetadata().getName()).stream()
        .filter(other -> !other.identity().uid().equals(uid))
        .forEach(PodWorker::removed);
    PodWorker known = workers.get(uid);
    if (known != null) {
      known.assigned(pod);
    } else {
      PodWorker worker = new PodWorker(node, pod, runner, reports, () -> workers.remove(uid));
      workers.put(uid, worker);
      worker.start();
    }
  }

  @Override
  public synchronized void removed(String namespace, String name) {
    named(namespace, name).forEach(PodWorker::removed);
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
