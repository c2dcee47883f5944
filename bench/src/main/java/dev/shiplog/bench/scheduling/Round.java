package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.cycle.Outbox;
import dev.shiplog.scheduler.cycle.Scheduler;
import dev.shiplog.scheduler.model.NodeReader;
import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.model.PodReader;
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

  private final Scheduler scheduler;
  private int bound;

  private Round(int nodes) {
    scheduler = new Scheduler(DefaultProfile.create(), new SplittableRandom(1), this);
    Workload.addOwners(scheduler);
    for (int i = 0; i < nodes; i++) {
      scheduler.putNode(NodeReader.read(Objects.node(i)), 0);
    }
  }

  /** Decides on all pods and assumes them where they go; pods per second of CPU. */
  static double podsPerSecond(int nodes, List<Pod> pods) {
    Round round = new Round(nodes);
    pods.forEach(pod -> round.scheduler.putPod(pod, 0));
    long start = THREADS.getCurrentThreadCpuTime();
    round.scheduler.run(Integer.MAX_VALUE, 0);
    double seconds = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    if (round.bound != pods.size()) {
      throw new IllegalStateException("only " + round.bound + " of " + pods.size() + " were bound");
    }
    return pods.size() / seconds;
  }

  static List<Pod> pods(Workload workload, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> PodReader.read(Objects.pod(workload, i)))
        .toList();
  }

  @Override
  public String bind(Pod pod, String node) {
    return Integer.toString(bound++);
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
  public void bound(Pod pod, String node) {
    // No pod is ever read as bound here.
  }
}
