package dev.shiplog.streams.controllers;

import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.testing.ClosedLoop.Bystander;
import dev.shiplog.streams.kit.testing.FakeApiServer;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Scheduler and kubelets in one: binds pods, makes them ready, and ends them when told to. */
public final class Kubelets implements Bystander {

  private Predicate<Pod> becomesReady = pod -> true;

  /** From now on only these get ready. */
  public void makeReady(Predicate<Pod> which) {
    becomesReady = which;
  }

  @Override
  public List<Runnable> moves(FakeApiServer server, Instant now) {
    List<Runnable> moves = new ArrayList<>();
    for (Pod pod : server.list(PODS)) {
      String key = ObjectKeys.keyOf(pod);
      if (PodStates.isTerminating(pod)) {
        moves.add(() -> server.deleteNow(PODS, key));
      } else if (!PodStates.isScheduled(pod)) {
        moves.add(() -> server.edit(PODS, key, bound -> bound.getSpec().setNodeName("node-1")));
      } else if (!PodStates.isReady(pod) && becomesReady.test(pod)) {
        moves.add(() ->
            server.editStatus(
                PODS,
                key,
                ready -> ready.setStatus(Objects.running(ready, "node-1", true, now).getStatus())));
      }
    }
    return moves;
  }
}
