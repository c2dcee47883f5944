package dev.shiplog.scheduler.app;

import dev.shiplog.scheduler.config.SchedulerConfiguration;
import dev.shiplog.scheduler.cycle.Scheduler;
import dev.shiplog.scheduler.metrics.SchedulerMetrics;
import dev.shiplog.scheduler.queue.SchedulingQueue;
import dev.shiplog.streams.kit.Application;
import dev.shiplog.streams.kit.CommandSender;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceView;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.topics.record.Outcome;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Feeds a {@link Scheduler} from the views. Each activation starts with a scheduler of its own:
 * what an earlier one had assumed has been read, or will never be. One thread, the kit's.
 */
public final class SchedulerApplication implements Application {

  public static final String NAME = "scheduler";

  private static final Logger LOG = Logger.getLogger(SchedulerApplication.class);

  /** So many decisions take a few tens of milliseconds; then what came in meanwhile is read. */
  private static final int MOST_DECISIONS_AT_ONCE = 1_000;

  private final SchedulerConfiguration configuration;
  private final RandomGenerator random;
  private final SchedulerMetrics metrics;
  private CommandOutbox outbox;
  private PodSteps steps;
  private Scheduler scheduler;
  private WorkloadFeed workloads;
  private DecisionPace pace;

  /**
   * Schedulers as configured.
   *
   * @param random chooses among nodes that are equally good
   * @param metrics outlive activations
   */
  public SchedulerApplication(
      SchedulerConfiguration configuration, RandomGenerator random, SchedulerMetrics metrics) {
    this.configuration = configuration;
    this.random = random;
    this.metrics = metrics;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<ResourceType<?>> resources() {
    return SchedulerResources.all();
  }

  @Override
  public void onActivated(Views views, CommandSender commands, Instant now) {
    steps = new PodSteps();
    outbox =
        new CommandOutbox(commands, steps, configuration.profiles().getFirst().schedulerName());
    scheduler = new Scheduler(configuration.anew(), random, outbox, metrics);
    scheduler.nameRun(Long.toString(now.toEpochMilli(), Character.MAX_RADIX));
    pace = new DecisionPace(now.toEpochMilli());
    workloads = new WorkloadFeed(scheduler.workloads());
    views.all().forEach(this::loadWorkloads);
    views
        .of(SchedulerResources.NAMESPACES)
        .all()
        .forEach(
            namespace -> scheduler.putNamespace(ObjectKeys.keyOf(namespace), namespace.labels()));
    views
        .of(SchedulerResources.BUDGETS)
        .all()
        .forEach(budget -> putBudget(ObjectKeys.keyOf(budget), budget));
    long nowMs = now.toEpochMilli();
    SchedulerResources.VOLUME_RESOURCES.forEach(
        type -> views.of(type).all().forEach(volume -> putVolume(volume, nowMs)));
    views
        .of(SchedulerResources.NODES)
        .all()
        .forEach(node -> putNode(node, ObjectKeys.keyOf(node), nowMs));
    scheduler.nodesSeenUpTo(views.of(SchedulerResources.NODES).revision());
    ResourceView<PodObject> pods = views.of(SchedulerResources.PODS);
    pods.all().forEach(pod -> putPod(pod, ObjectKeys.keyOf(pod), nowMs));
    scheduler.podsSeenUpTo(pods.revision(), nowMs);
    LOG.infof(
        "scheduling %d pods on %d nodes, %d are waiting",
        pods.size(), scheduler.cluster().nodeCount(), scheduler.queue().size());
  }

  private <T extends HasMetadata> void loadWorkloads(ResourceView<T> view) {
    for (T object : view.all()) {
      if (object instanceof WorkloadObject workload) {
        workloads.put(view.type(), ObjectKeys.keyOf(object), workload);
      }
    }
  }

  @Override
  public void onChange(ObjectChange<?> change, Instant now) {
    long nowMs = now.toEpochMilli();
    switch (change.latest()) {
      case PodObject pod -> changePod(change, pod, nowMs);
      case NodeObject node -> changeNode(change, node, nowMs);
      case LabelledObject namespace ->
          scheduler.putNamespace(
              change.key(), change.after() == null ? Map.of() : namespace.labels());
      case BudgetObject budget -> putBudget(change.key(), change.after() == null ? null : budget);
      case VolumeObject volume ->
          scheduler.changeVolumes(volume.change(change.key(), change.after() == null), nowMs);
      case WorkloadObject workload -> changeWorkload(change, workload);
      default -> throw new IllegalArgumentException("not followed: " + change.type());
    }
  }

  private void changePod(ObjectChange<?> change, PodObject latest, long nowMs) {
    steps.onChange(change, latest);
    if (change.after() == null) {
      scheduler.removePod(change.key(), change.revision(), nowMs);
    } else {
      putPod(latest, change.key(), nowMs);
      scheduler.podsSeenUpTo(change.revision(), nowMs);
    }
  }

  private void changeNode(ObjectChange<?> change, NodeObject latest, long nowMs) {
    if (change.after() == null) {
      scheduler.removeNode(change.key(), nowMs);
    } else {
      putNode(latest, change.key(), nowMs);
    }
    scheduler.nodesSeenUpTo(change.revision());
  }

  private void putVolume(VolumeObject volume, long nowMs) {
    scheduler.changeVolumes(volume.change(ObjectKeys.keyOf(volume), false), nowMs);
  }

  private void putBudget(String key, BudgetObject object) {
    String namespace = ObjectKeys.namespaceOf(key);
    String name = ObjectKeys.nameOf(key);
    if (object == null || object.problem() != null) {
      scheduler.budgets().remove(namespace, name);
    } else {
      scheduler.budgets().put(namespace, name, object.budget());
    }
  }

  private void changeWorkload(ObjectChange<?> change, WorkloadObject latest) {
    if (change.after() == null) {
      workloads.remove(change.type(), change.key());
    } else {
      workloads.put(change.type(), change.key(), latest);
    }
  }

  private void putPod(PodObject object, String key, long nowMs) {
    if (object.problem() == null) {
      scheduler.putPod(object.pod(), nowMs);
    } else {
      scheduler.removePod(key, 0, nowMs);
      outbox.unreadable(object);
    }
  }

  private void putNode(NodeObject object, String key, long nowMs) {
    if (object.problem() == null) {
      scheduler.putNode(object.node(), nowMs);
    } else {
      LOG.warnf("node %s is left out: %s", key, object.problem());
      scheduler.removeNode(key, nowMs);
    }
  }

  @Override
  public void onOutcome(Outcome outcome, Instant now) {
    scheduler.decided(outcome.id(), outcome.result(), now.toEpochMilli());
  }

  @Override
  public void onTime(Instant now) {
    long nowMs = now.toEpochMilli();
    if (!pace.rests(nowMs) && scheduler.run(MOST_DECISIONS_AT_ONCE, nowMs) > 0) {
      pace.decided(nowMs);
    }
  }

  @Override
  public List<String> describe() {
    if (scheduler == null) {
      return List.of("not active");
    }
    SchedulingQueue queue = scheduler.queue();
    return List.of(
        "pods ready " + queue.activeCount(),
        "pods backing off " + queue.backingOffCount(),
        "pods unschedulable " + queue.unschedulableCount(),
        "pods gated " + queue.gatedCount(),
        "pods waiting for a permit " + scheduler.waitingForPermitCount(),
        "pods waiting for volumes " + scheduler.waitingForVolumesCount(),
        "bindings on their way " + scheduler.bindingCount(),
        "nodes " + scheduler.cluster().nodeCount());
  }
}
