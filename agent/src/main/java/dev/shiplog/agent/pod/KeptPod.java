package dev.shiplog.agent.pod;

import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;

/**
 * The pod as its worker knows it: what the cluster says, with the status that was composed last.
 * While nobody works with it, it is kept as JSON. State belongs to the pod's worker; {@link
 * #latest} may be called by any thread.
 */
final class KeptPod {

  /** Longer than volumes are left alone: what would be unfolded again soon is not folded. */
  private static final Duration FOLD_AFTER = Duration.ofSeconds(30);

  private final Timers timers;
  private final Runnable onLeftAlone;

  private volatile Folded<Pod> pod;
  private Folded<PodStatus> composed = Folded.of(PodStatus.class, null);
  private Timers.Timer fold = () -> {};

  /**
   * A pod whose status was not composed yet.
   *
   * @param onLeftAlone called on the thread of the timers once the pod may be folded; hands on what
   *     it does
   */
  KeptPod(Pod pod, Timers timers, Runnable onLeftAlone) {
    this.pod = Folded.of(Pod.class, pod);
    this.timers = timers;
    this.onLeftAlone = onLeftAlone;
  }

  /** For one look. */
  Pod latest() {
    return pod.get();
  }

  /** To be worked with. */
  Pod pod() {
    return pod.unfold();
  }

  /** The cluster has another one; the composed status stays. */
  void assigned(Pod changed) {
    keep(
        composed.isThere()
            ? Pods.with(changed, Pods.merged(composed.unfold(), changed.getStatus()))
            : changed);
  }

  void compose(PodStatus status) {
    Pod before = pod();
    composed = Folded.of(PodStatus.class, status);
    keep(Pods.with(before, Pods.merged(status, before.getStatus())));
  }

  boolean isComposed() {
    return composed.isThere();
  }

  /** The status that was composed last; whoever keeps it, too, has it folded with the pod. */
  Folded<PodStatus> composed() {
    return composed;
  }

  private void keep(Pod changed) {
    pod = Folded.of(Pod.class, changed);
  }

  /** It is worked with: it is left alone for some time from now on at the earliest. */
  void inUse() {
    fold.cancel();
    fold = timers.after(FOLD_AFTER, onLeftAlone);
  }

  void fold() {
    pod.fold();
    composed.fold();
  }

  /** Nobody is told any more that it is left alone. */
  void close() {
    fold.cancel();
  }
}
