package dev.shiplog.streams.controllers.job;

import dev.shiplog.streams.controllers.pod.PodStates;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnPodConditionsPattern;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.List;
import java.util.Optional;

/** What a Job's pod failure policy says about a failed pod: the first rule that fits counts. */
final class FailurePolicy {

  /** What a failed pod means. */
  enum Action {
    COUNT,
    IGNORE,
    FAIL_INDEX,
    FAIL_JOB
  }

  /**
   * A rule's verdict.
   *
   * @param message what matched, for people; empty where no rule did
   */
  record Verdict(Action action, String message) {}

  private static final Verdict NO_RULE = new Verdict(Action.COUNT, "");

  private FailurePolicy() {}

  static Verdict judge(Job job, Pod pod) {
    if (job.getSpec().getPodFailurePolicy() == null) {
      return NO_RULE;
    }
    List<PodFailurePolicyRule> rules = job.getSpec().getPodFailurePolicy().getRules();
    for (int i = 0; i < rules.size(); i++) {
      Optional<String> match = match(rules.get(i), pod);
      if (match.isPresent()) {
        Action action = actionOf(rules.get(i), job);
        return new Verdict(
            action, match.get() + " matching " + rules.get(i).getAction() + " rule at index " + i);
      }
    }
    return NO_RULE;
  }

  private static Action actionOf(PodFailurePolicyRule rule, Job job) {
    return switch (rule.getAction()) {
      case "FailJob" -> Action.FAIL_JOB;
      case "Ignore" -> Action.IGNORE;
      case "FailIndex" ->
          job.getSpec().getBackoffLimitPerIndex() == null ? Action.COUNT : Action.FAIL_INDEX;
      default -> Action.COUNT;
    };
  }

  private static Optional<String> match(PodFailurePolicyRule rule, Pod pod) {
    if (rule.getOnExitCodes() != null) {
      return JobPods.containerStatuses(pod)
          .filter(status -> matches(rule.getOnExitCodes(), status))
          .map(status ->
              String.format(
                  "Container %s for pod %s/%s failed with exit code %d",
                  status.getName(),
                  pod.getMetadata().getNamespace(),
                  pod.getMetadata().getName(),
                  JobPods.end(status).orElseThrow().getExitCode()))
          .findFirst();
    }
    return rule.getOnPodConditions().stream()
        .filter(pattern -> matches(pattern, pod))
        .map(pattern ->
            String.format(
                "Pod %s/%s has condition %s",
                pod.getMetadata().getNamespace(), pod.getMetadata().getName(), pattern.getType()))
        .findFirst();
  }

  private static boolean matches(
      PodFailurePolicyOnExitCodesRequirement requirement, ContainerStatus status) {
    String container = requirement.getContainerName();
    if (container != null && !container.equals(status.getName())) {
      return false;
    }
    return JobPods.end(status)
        .map(end -> end.getExitCode())
        .filter(code -> code != 0)
        .map(code -> requirement.getValues().contains(code))
        .filter(in -> in == "In".equals(requirement.getOperator()))
        .isPresent();
  }

  private static boolean matches(PodFailurePolicyOnPodConditionsPattern pattern, Pod pod) {
    String wanted = pattern.getStatus() == null ? "True" : pattern.getStatus();
    return PodStates.condition(pod, pattern.getType())
        .filter(condition -> wanted.equals(condition.getStatus()))
        .isPresent();
  }
}
