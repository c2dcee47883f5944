package dev.shiplog.streams.controllers.job;

import static dev.shiplog.streams.kit.ResourceTypes.JOBS;
import static dev.shiplog.streams.kit.ResourceTypes.PODS;

import dev.shiplog.streams.controllers.pod.Claims;
import dev.shiplog.streams.controllers.pod.PodKeys;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Runs pods until enough of them have succeeded, or too many have failed. */
public final class JobController implements Controller {

  private static final String ME = "kubernetes.io/job-controller";
  private static final Index<Pod> ORPHANS = Claims.orphans(PODS);

  /** Pods that wait to be counted, by the key of their Job, which may be gone. */
  private static final Index<Pod> TRACKED =
      new Index<>(
          PODS,
          "tracked-by-job",
          pod ->
              JobPods.isTracked(pod)
                  ? Owners.controllerOf(pod)
                      .filter(owner -> owner.getKind().equals(JOBS.kind()))
                      .map(owner -> key(pod, owner.getName()))
                      .map(List::of)
                      .orElse(List.of())
                  : List.of());

  private static String key(Pod pod, String job) {
    return ObjectKeys.key(pod.getMetadata().getNamespace(), job);
  }

  @Override
  public String name() {
    return "job-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(JOBS),
        PodKeys.controlledOrMatching(JOBS, job -> job.getSpec().getSelector()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(ORPHANS, TRACKED);
  }

  /** Those of pods whose Job went unnoticed as well. */
  @Override
  public Collection<String> allKeys(Views views) {
    TreeSet<String> keys = new TreeSet<>();
    views.of(JOBS).all().forEach(job -> keys.add(ObjectKeys.keyOf(job)));
    views.of(PODS).all().stream()
        .filter(JobPods::isTracked)
        .forEach(pod ->
            Owners.controllerOf(pod).ifPresent(owner -> keys.add(key(pod, owner.getName()))));
    return keys;
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return reconcile(key, List.of(), views, now);
  }

  @Override
  public Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    Optional<Job> job = views.of(JOBS).get(key);
    Reconciliation.Builder strays = Reconciliation.builder();
    views.of(PODS).find(TRACKED, key).stream()
        .filter(pod -> isStray(pod, job))
        .forEach(pod -> strays.command(JobPods.release(pod)));
    if (strays.hasCommands()) {
      return strays.build();
    }
    return job.filter(JobController::isMine)
        .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
        .filter(one -> !JobOutcome.isFinished(one))
        .map(one -> step(one, refused, views, now))
        .orElse(Reconciliation.nothing());
  }

  /**
   * Nobody will count it: its Job is gone, going or over. A pod is never seen before its Job, which
   * was seen when the pod was asked for.
   */
  private static boolean isStray(Pod pod, Optional<Job> job) {
    String owner = Owners.controllerOf(pod).orElseThrow().getUid();
    if (job.isEmpty() || !job.get().getMetadata().getUid().equals(owner)) {
      return true;
    }
    return isMine(job.get())
        && (job.get().getMetadata().getDeletionTimestamp() != null
            || JobOutcome.isFinished(job.get()));
  }

  private static boolean isMine(Job job) {
    String manager = job.getSpec().getManagedBy();
    return manager == null || manager.isEmpty() || manager.equals(ME);
  }

  private static Reconciliation step(
      Job job, List<RefusedCommand> refused, Views views, Instant now) {
    Claims<Pod> claims =
        Claims.of(
            JOBS, job, views.of(PODS), ORPHANS, Selectors.matching(job.getSpec().getSelector()));
    if (!claims.commands().isEmpty()) {
      return Reconciliation.of(claims.commands()); // first know what is ours
    }
    return new JobStep(job, claims, views, now).reconcile(refused);
  }
}
