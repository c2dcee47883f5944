package dev.shiplog.streams.controllers;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.testing.ClosedLoop.Bystander;
import dev.shiplog.streams.kit.testing.FakeApiServer;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Scheduler and kubelets in one: binds pods, makes them ready, and ends them when told to. A pod
 * with the annotation {@code test/exit-code} ends by itself with that code, one with {@code
 * test/never-ready} never gets ready, one with {@code test/never-ends} does not end when it is to.
 */
public final class Kubelets implements Bystander {

  private static final String EXIT_CODE = "test/exit-code";
  private static final String NEVER_READY = "test/never-ready";
  private static final String NEVER_ENDS = "test/never-ends";

  private Predicate<Pod> becomesReady = pod -> annotation(pod, NEVER_READY).isEmpty();

  /** From now on only these get ready. */
  public void makeReady(Predicate<Pod> which) {
    becomesReady = which;
  }

  private static Optional<String> annotation(Pod pod, String name) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(name));
  }

  @Override
  public List<Runnable> moves(FakeApiServer server, Instant now) {
    List<Runnable> moves = new ArrayList<>();
    for (Pod pod : server.list(PODS)) {
      move(server, pod, now).ifPresent(moves::add);
    }
    return moves;
  }

  private Optional<Runnable> move(FakeApiServer server, Pod pod, Instant now) {
    String key = ObjectKeys.keyOf(pod);
    if (PodStates.isTerminating(pod)) {
      return annotation(pod, NEVER_ENDS).isPresent()
          ? Optional.empty()
          : end(server, pod, key, now);
    }
    if (!PodStates.isScheduled(pod)) {
      return Optional.of(() -> server.edit(PODS, key, p -> p.getSpec().setNodeName(nodeFor(p))));
    }
    if (PodStates.isFinished(pod)) {
      return Optional.empty();
    }
    Optional<String> exitCode = annotation(pod, EXIT_CODE);
    if (exitCode.isPresent()) {
      return Optional.of(() -> finish(server, key, Integer.parseInt(exitCode.get()), now));
    }
    if (!PodStates.isReady(pod) && becomesReady.test(pod)) {
      return Optional.of(() -> server.editStatus(PODS, key, ready -> run(ready, now)));
    }
    return Optional.empty();
  }

  private static Optional<Runnable> end(FakeApiServer server, Pod pod, String key, Instant now) {
    boolean held = !pod.getMetadata().getFinalizers().isEmpty();
    if (held && !PodStates.isFinished(pod)) {
      return Optional.of(() -> finish(server, key, 137, now));
    }
    Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
    return grace != null && grace == 0
        ? Optional.empty()
        : Optional.of(() -> server.deleteNow(PODS, key));
  }

  private static void run(Pod pod, Instant now) {
    pod.setStatus(Objects.running(pod, pod.getSpec().getNodeName(), true, now).getStatus());
  }

  /** The one its affinity names, as daemons have it, or just one. */
  private static String nodeFor(Pod pod) {
    if (pod.getSpec().getAffinity() == null) {
      return "node-1";
    }
    return pod.getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchFields()
        .getFirst()
        .getValues()
        .getFirst();
  }

  /** A pod's only container ends. */
  public static void finish(FakeApiServer server, String key, int exitCode, Instant now) {
    server.editStatus(
        PODS,
        key,
        pod ->
            pod.setStatus(
                new PodStatusBuilder(pod.getStatus())
                    .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                    .withConditions()
                    .withContainerStatuses(
                        new ContainerStatusBuilder()
                            .withName(pod.getSpec().getContainers().getFirst().getName())
                            .withNewState()
                            .withNewTerminated()
                            .withExitCode(exitCode)
                            .withFinishedAt(now.toString())
                            .endTerminated()
                            .endState()
                            .build())
                    .build()));
  }
}
