package dev.shiplog.streams.controllers.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.FreeNames;
import dev.shiplog.streams.controllers.pod.PodStates;
import dev.shiplog.streams.controllers.pod.PodTemplates;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ResourceTypes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Pods of Jobs, and what is noted on them. */
final class JobPods {

  /** Keeps a pod until its end has been counted. */
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";

  private static final String INDEX = "batch.kubernetes.io/job-completion-index";
  private static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
  private static final String IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";
  private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

  private JobPods() {}

  static Pod pod(Job job, FreeNames names) {
    Pod pod = fromTemplate(job, names.next());
    return tracked(pod);
  }

  /** A pod for one index; its host name is stable. */
  static Pod indexed(Job job, int index, Failures before, FreeNames names) {
    String stem = job.getMetadata().getName() + "-" + index;
    Pod pod = tracked(fromTemplate(job, names.next(stem + "-")));
    pod =
        new PodBuilder(pod)
            .editMetadata()
            .withGenerateName(stem + "-")
            .addToLabels(INDEX, Integer.toString(index))
            .addToAnnotations(INDEX, Integer.toString(index))
            .endMetadata()
            .editSpec()
            .withHostname(stem)
            .endSpec()
            .build();
    if (job.getSpec().getBackoffLimitPerIndex() != null) {
      pod.getMetadata().getAnnotations().put(FAILURES, Integer.toString(before.counted()));
      if (before.ignored() > 0) {
        pod.getMetadata().getAnnotations().put(IGNORED, Integer.toString(before.ignored()));
      }
    }
    pod.getSpec().getInitContainers().forEach(JobPods::tellIndex);
    pod.getSpec().getContainers().forEach(JobPods::tellIndex);
    return pod;
  }

  /** A copy of all of it, since the pod is changed further. */
  private static Pod fromTemplate(Job job, String name) {
    return PodTemplates.pod(
        PodTemplates.copy(job.getSpec().getTemplate()), ResourceTypes.JOBS, job, name);
  }

  private static Pod tracked(Pod pod) {
    return new PodBuilder(pod).editMetadata().addToFinalizers(FINALIZER).endMetadata().build();
  }

  private static void tellIndex(Container container) {
    List<EnvVar> variables = new ArrayList<>(container.getEnv());
    if (variables.stream().noneMatch(variable -> INDEX_VARIABLE.equals(variable.getName()))) {
      variables.add(
          new EnvVarBuilder()
              .withName(INDEX_VARIABLE)
              .withNewValueFrom()
              .withNewFieldRef()
              .withFieldPath("metadata.labels['" + INDEX + "']")
              .endFieldRef()
              .endValueFrom()
              .build());
      container.setEnv(variables);
    }
  }

  static boolean isTracked(Pod pod) {
    return pod.getMetadata().getFinalizers().contains(FINALIZER);
  }

  /** Takes the finalizer off. */
  static CommandRequest release(Pod pod) {
    ObjectNode patch = KubernetesJson.object();
    ArrayNode kept = patch.putObject("metadata").putArray("finalizers");
    pod.getMetadata().getFinalizers().stream()
        .filter(finalizer -> !finalizer.equals(FINALIZER))
        .forEach(kept::add);
    return Commands.patchAsSeen(ResourceTypes.PODS, pod, patch);
  }

  static OptionalInt indexOf(Pod pod) {
    return number(pod.getMetadata(), INDEX);
  }

  static Failures failuresBefore(Pod pod) {
    return new Failures(
        number(pod.getMetadata(), FAILURES).orElse(0),
        number(pod.getMetadata(), IGNORED).orElse(0));
  }

  private static OptionalInt number(ObjectMeta metadata, String annotation) {
    String text =
        metadata.getAnnotations() == null ? null : metadata.getAnnotations().get(annotation);
    try {
      return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  static boolean succeeded(Pod pod) {
    return PodStates.phase(pod).equals("Succeeded");
  }

  /** Neither finished nor on its way out. */
  static boolean isWorking(Pod pod) {
    return PodStates.isActive(pod);
  }

  static boolean failed(Pod pod) {
    return PodStates.phase(pod).equals("Failed");
  }

  static Stream<ContainerStatus> containerStatuses(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream());
  }

  static Optional<ContainerStateTerminated> end(ContainerStatus status) {
    return Optional.ofNullable(status.getState()).map(state -> state.getTerminated());
  }

  /** When its last container ended; else when it was created. */
  static Instant finishedAt(Pod pod) {
    return containerStatuses(pod)
        .flatMap(status -> end(status).stream())
        .map(ContainerStateTerminated::getFinishedAt)
        .filter(time -> time != null)
        .map(Instant::parse)
        .max(Instant::compareTo)
        .orElseGet(() -> Instant.parse(pod.getMetadata().getCreationTimestamp()));
  }

  /**
   * How often pods of an index have failed before a pod.
   *
   * @param counted against the limit
   * @param ignored by the Job's failure policy
   */
  record Failures(int counted, int ignored) {

    static final Failures NONE = new Failures(0, 0);

    int all() {
      return counted + ignored;
    }
  }
}
