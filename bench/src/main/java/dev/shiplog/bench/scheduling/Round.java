package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.cycle.Outbox;
import dev.shiplog.scheduler.cycle.Scheduler;
import dev.shiplog.scheduler.model.NodeReader;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.scheduler.model.Volumes;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One measurement: a new cluster, and pods that are all pending. */
final class Round implements Outbox {

  /** CPU time does not depend on what else the machine does. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int FIRST_PODS = 200;

  private final Scheduler scheduler;
  private int bound;

  private Round(int nodes) {
    scheduler = new Scheduler(DefaultProfile.create(), new SplittableRandom(1), this);
    Workload.addOwners(scheduler);
    for (int i = 0; i < nodes; i++) {
      scheduler.putNode(NodeReader.read(Objects.node(i)), 0);
    }
  }

  /**
   * The same where pods run already, and each workload has had its first pods: what is counted for
   * a workload's first pod is kept for the others.
   *
   * @param running how many; they lie evenly on the nodes
   */
  static double podsPerSecond(int nodes, Workload workload, int running, int pods) {
    Round round = new Round(nodes);
    for (int i = 0; i < running; i++) {
      round.scheduler.putPod(PodReader.read(Objects.pod(workload, pods + i, i % nodes)), 0);
    }
    List<Pod> all = pods(workload, pods);
    round.decide(all.subList(0, FIRST_PODS));
    return round.decide(all.subList(FIRST_PODS, pods));
  }

  /** A cluster where these pods are pending, for {@link #run}. */
  static Round pending(int nodes, List<Pod> pods) {
    Round round = new Round(nodes);
    pods.forEach(pod -> round.scheduler.putPod(pod, 0));
    return round;
  }

  /** Decides on all that is pending; how many that was. */
  int run() {
    scheduler.run(Integer.MAX_VALUE, 0);
    return bound;
  }

  /** Decides on all pods and assumes them where they go; pods per second of CPU. */
  static double podsPerSecond(int nodes, List<Pod> pods) {
    return new Round(nodes).decide(pods);
  }

  private double decide(List<Pod> pods) {
    pods.forEach(pod -> scheduler.putPod(pod, 0));
    int before = bound;
    long start = THREADS.getCurrentThreadCpuTime();
    scheduler.run(Integer.MAX_VALUE, 0);
    double seconds = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    int now = bound - before;
    if (now != pods.size()) {
      throw new IllegalStateException("only " + now + " of " + pods.size() + " were bound");
    }
    return pods.size() / seconds;
  }

  static List<Pod> pods(Workload workload, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> PodReader.read(Objects.pod(workload, i)))
        .toList();
  }

  @Override
  public String bind(List<Placing> placings, boolean allOrNone) {
    bound += placings.size();
    return Integer.toString(bound);
  }

  @Override
  public void pending(Pod pod, String reason, String message, long nowMs) {
    throw new IllegalStateException(message);
  }

  @Override
  public void nominate(Pod pod, String node) {
    throw new IllegalStateException(pod.key() + " was nominated");
  }

  @Override
  public void preempt(Pod victim, Pod preemptor, String node, long nowMs) {
    throw new IllegalStateException(victim.key() + " was preempted");
  }

  @Override
  public void gated(Pod pod, long nowMs) {
    throw new IllegalStateException(pod.key() + " is gated");
  }

  @Override
  public String keepVolume(
      String name, Volumes.Volume volume, String claimKey, Volumes.Claim claim) {
    throw new IllegalStateException("there are no volumes");
  }

  @Override
  public String selectNode(String claimKey, Volumes.Claim claim, String node) {
    throw new IllegalStateException("there are no volumes");
  }
}
