package dev.shiplog.agent.pod;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.cluster.ClusterRefusedException;
import dev.shiplog.agent.pod.status.FirstWord;
import dev.shiplog.agent.pod.status.StatusPatch;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.time.Timers;
import dev.shiplog.agent.work.Task;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Tells the API server how a pod is, and at last that it may go. One request is under way at a
 * time; what changes meanwhile is told by the next one, so that a slow server gets fewer requests
 * and always the latest status. That a pod begins is told once it has not come further for a
 * moment. Failures are tried again until the pod is gone. Belongs to the pod's worker.
 */
final class StatusPublisher {

  private static final Logger LOG = Logger.getLogger(StatusPublisher.class);

  /** A status that somebody else overwrote is told again, but no oftener than this. */
  private static final Duration AGAIN_AT_MOST_EVERY = Duration.ofSeconds(10);

  /** Most pods run a moment after they begin: then that is the first that is told of them. */
  static final Duration FIRST_WORD_WITHIN = Duration.ofMillis(500);

  private final AgentServices services;
  private final Executor owner;
  private PodIdentity pod;

  private Folded<PodStatus> wanted = nothing();

  /** Of what is wanted and not yet told. */
  private String cause;

  private Folded<PodStatus> told;
  private Instant toldAt = Instant.EPOCH;
  private Instant firstWordDue;
  private boolean deleteWanted;
  private boolean done;
  private boolean busy;
  private int failures;
  private Timers.Timer retry = () -> {};

  /** Of somebody else, and to be overwritten. */
  private Folded<PodStatus> foreign = nothing();

  private Timers.Timer overwriting = () -> {};

  /**
   * A publisher that has nothing to tell.
   *
   * @param pod whose status it is; null while the server does not know the pod
   * @param known the status the server has; may be null
   */
  StatusPublisher(AgentServices services, Executor owner, PodIdentity pod, PodStatus known) {
    this.services = services;
    this.owner = owner;
    this.pod = pod;
    this.told = Folded.of(PodStatus.class, known);
  }

  /** The server knows the pod as this one from now on. */
  void retarget(PodIdentity other, PodStatus known) {
    if (!other.equals(pod)) {
      pod = other;
      told = Folded.of(PodStatus.class, known);
      overwritten();
    } else {
      observed(known);
    }
  }

  /**
   * The status as it is now.
   *
   * @param traceparent the step of a trace that led to it; null if there is none
   */
  void publish(Folded<PodStatus> status, String traceparent) {
    wanted = status;
    cause = traceparent == null ? cause : traceparent;
    next();
  }

  /**
   * What the log says that the server has: another status than ours is overwritten, at once or as
   * soon as it may be, unless the log says meanwhile that it is ours again.
   */
  void observed(PodStatus onServer) {
    overwritten();
    if (isWanted() && !StatusPatch.isTold(wanted.unfold(), onServer)) {
      foreign = Folded.of(PodStatus.class, onServer);
      overwrite();
    }
  }

  private void overwrite() {
    if (!foreign.isThere()) {
      return; // meanwhile the log said that it is ours
    }
    Instant now = services.timers().steady();
    Instant due = (busy ? now : toldAt).plus(AGAIN_AT_MOST_EVERY);
    if (now.isAfter(due)) {
      told = foreign;
      overwritten();
      next();
    } else {
      overwriting =
          services
              .timers()
              .after(
                  Duration.between(now, due).plusMillis(1), () -> owner.execute(this::overwrite));
    }
  }

  private void overwritten() {
    foreign = nothing();
    overwriting.cancel();
  }

  /** Whether the server has what it is to know, or nobody is to be told. */
  boolean isTold() {
    return done || pod == null || !isWanted() || (!busy && serverKnows());
  }

  /** Nothing is to be told for some time: what was told is kept as JSON. */
  void fold() {
    if (!busy && isWanted() && serverKnows()) {
      told = wanted;
    }
    wanted.fold();
    told.fold();
  }

  /** Removes the pod from the cluster, after its last status was told. */
  void delete() {
    deleteWanted = true;
    next();
  }

  /** The pod is gone from the cluster: there is nobody to tell. */
  void close() {
    done = true;
    retry.cancel();
    overwritten();
  }

  private void next() {
    if (busy || done || pod == null) {
      return;
    }
    PodIdentity target = pod;
    if (isWanted() && !serverKnows()) {
      if (firstWordMayWait()) {
        return;
      }
      Folded<PodStatus> status = wanted;
      String patch = StatusPatch.of(status.unfold(), told.unfold());
      send(() -> services.cluster().patchPodStatus(target, patch), () -> told = status);
    } else if (deleteWanted) {
      send(() -> services.cluster().deletePod(target), () -> done = true);
    }
  }

  private boolean isWanted() {
    return wanted.isThere();
  }

  private boolean serverKnows() {
    return wanted == told || StatusPatch.isTold(wanted.unfold(), told.unfold());
  }

  private static Folded<PodStatus> nothing() {
    return Folded.of(PodStatus.class, null);
  }

  private boolean firstWordMayWait() {
    if (deleteWanted || !FirstWord.onlySaysThatItBegins(wanted.unfold(), told.unfold())) {
      return false;
    }
    Instant now = services.timers().steady();
    if (firstWordDue == null) {
      firstWordDue = now.plus(FIRST_WORD_WITHIN);
      retry = services.timers().after(FIRST_WORD_WITHIN, () -> owner.execute(this::next));
    }
    return now.isBefore(firstWordDue);
  }

  private String takeCause() {
    String taken = cause;
    cause = null;
    return taken;
  }

  private void send(Runnable request, Runnable onSuccess) {
    busy = true;
    retry.cancel();
    Step step = Tracing.here().follow("report status", SpanKind.INTERNAL, takeCause());
    Task.start(
        services.threads(),
        owner,
        () -> {
          try (step;
              Scope _ = step.onThisThread()) {
            request.run();
          }
          return null;
        },
        result -> ended(result, onSuccess));
  }

  private void ended(Task.Result<Object> result, Runnable onSuccess) {
    busy = false;
    switch (result) {
      case Task.Done<Object> sent -> {
        failures = 0;
        toldAt = services.timers().steady();
        onSuccess.run();
        next();
      }
      case Task.Failed<Object>(Throwable cause) -> failed(cause);
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof ClusterRefusedException refused
        && (refused.isNotFound() || refused.isConflict())) {
      // Gone, or another pod has its name: the log will say so too.
      wanted = nothing();
      overwritten();
      LOG.debugf("%s is no longer known to the API server", pod);
      next();
    } else if (cause instanceof ClusterException) {
      failures++;
      LOG.warnf("Status of %s was not told: %s", pod, cause.getMessage());
      if (!done) {
        Duration delay = RetryBackoff.SOON.after(failures);
        retry = services.timers().after(delay, () -> owner.execute(this::next));
      }
    } else {
      services.faults().fault("Telling the status of " + pod, cause);
    }
  }
}
