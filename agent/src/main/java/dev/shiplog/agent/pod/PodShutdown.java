package dev.shiplog.agent.pod;

import dev.shiplog.agent.host.Poll;
import dev.shiplog.agent.pod.ShutdownPeriods.Group;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Ends the pods of a node that shuts down, group after group. Blocks; used by one thread. */
final class PodShutdown {

  private static final Logger LOG = Logger.getLogger(PodShutdown.class);

  /** The pods' last words reach an API server that answers in no time. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final Collection<PodWorker> workers;
  private final ShutdownPeriods periods;

  PodShutdown(Collection<PodWorker> workers, ShutdownPeriods periods) {
    this.workers = workers;
    this.periods = periods;
  }

  void run() {
    Map<Integer, List<PodWorker>> byGroup =
        workers.stream()
            .collect(
                Collectors.groupingBy(
                    worker -> groupOf(worker).priority(), TreeMap::new, Collectors.toList()));
    byGroup.forEach((priority, pods) -> end(periods.of(priority), pods));
    if (!Poll.until(LAST_WORDS, () -> all(workers, PodWorker::isTold))) {
      LOG.warn("the API server was not told of all pods that ended");
    }
  }

  private Group groupOf(PodWorker worker) {
    Integer priority = worker.latest().getSpec().getPriority();
    return periods.of(priority == null ? 0 : priority);
  }

  private static void end(Group group, List<PodWorker> pods) {
    LOG.infof("%d pods of priority %d and above end", pods.size(), group.priority());
    pods.forEach(pod -> pod.shutDown(group.period()));
    if (!Poll.until(group.period(), () -> all(pods, PodWorker::hasEnded))) {
      LOG.warnf(
          "some pods of priority %d and above did not end within %d s",
          group.priority(), group.period().toSeconds());
    }
  }

  private static boolean all(
      Collection<PodWorker> pods, Function<PodWorker, CompletableFuture<Boolean>> is) {
    return pods.stream().map(is).toList().stream().allMatch(CompletableFuture::join);
  }
}
