package dev.shiplog.agent.pod;

import dev.shiplog.agent.pod.PodLife.Active;
import dev.shiplog.agent.pod.PodLife.Ended;
import dev.shiplog.agent.pod.PodLife.Released;
import dev.shiplog.agent.pod.PodLife.Releasing;
import dev.shiplog.agent.pod.PodLife.Terminating;
import dev.shiplog.agent.pod.plan.PodAction.Verb;
import dev.shiplog.agent.pod.resize.PodShare;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a pod is in its life. When it goes on, whatever the next state has no use for is called
 * off, stopped or given back. State belongs to the pod's worker.
 */
final class PodLifecycle {

  /** What is of no use to a pod that is to end. */
  private static final Set<Verb> CALLED_OFF_AT_THE_END =
      EnumSet.of(Verb.PREPARE_VOLUMES, Verb.START_SANDBOX, Verb.START_CONTAINER);

  private final PodEnding ending;
  private final Operations operations;
  private final ProbeSet probes;
  private final VolumeRefresh refresh;
  private final PodShare share;
  private PodLife life = new Active();

  PodLifecycle(
      PodEnding ending,
      Operations operations,
      ProbeSet probes,
      VolumeRefresh refresh,
      PodShare share) {
    this.ending = ending;
    this.operations = operations;
    this.probes = probes;
    this.refresh = refresh;
    this.share = share;
  }

  PodLife life() {
    return life;
  }

  boolean isActive() {
    return life instanceof Active;
  }

  boolean hasEnded() {
    return life instanceof Ended;
  }

  boolean isReleased() {
    return life instanceof Released;
  }

  /** Ends the pod if it is to end, and hurries if it is to end sooner than it was. */
  void judge(Pod pod, Instant now) {
    boolean hurries = ending.hurries(pod);
    switch (life) {
      case Active active -> ending.reason(pod).ifPresent(why -> terminate(active, why, now));
      case Terminating terminating -> {
        if (hurries) {
          life = terminating.by(now.plus(ending.grace()));
          operations.cancel(verb -> verb == Verb.KILL_CONTAINER);
        }
      }
      case Ended ended -> {
        if (ending.isUnwanted(pod)) {
          life = ended.release();
        }
      }
      case Releasing releasing -> {}
      case Released released -> {}
    }
  }

  private void terminate(Active active, Termination why, Instant now) {
    life = active.terminate(why, ending.grace(), now);
    operations.cancel(CALLED_OFF_AT_THE_END::contains);
    probes.stopJudging();
    refresh.close();
  }

  /** Goes on to the next state: what was planned for is reached. */
  void advance(Instant now) {
    life =
        switch (life) {
          case Active active -> active.terminate(Termination.COMPLETED, ending.grace(), now);
          case Terminating terminating -> terminating.ended();
          case Ended ended -> ended;
          case Releasing releasing -> releasing.released();
          case Released released -> released;
        };
    if (life instanceof Terminating) {
      probes.stopJudging();
      refresh.close();
    }
    if (life instanceof Ended) {
      share.release();
      probes.close();
    }
  }
}
