package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodOS;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import java.util.Map;
import java.util.Optional;

/** A pod for another operating system, or for another kind of runtime, is no pod for this node. */
final class SystemCheck implements AdmissionCheck {

  private static final String LINUX = "linux";
  private static final String OS_LABEL = "kubernetes.io/os";

  private static final Words OTHER_LABEL =
      new Words(
          "PodOSSelectorNodeLabelDoesNotMatch",
          "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
  private static final Words OTHER_SYSTEM =
      new Words("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
  private static final Words STRICT_GROUPS =
      new Words(
          "SupplementalGroupsPolicyNotSupported",
          "SupplementalGroupsPolicy=Strict is not supported in this node");

  @Override
  public Optional<Words> refusal(Pod pod) {
    if (!isLinux(label(pod))) {
      return Optional.of(OTHER_LABEL);
    }
    if (!isLinux(Optional.ofNullable(pod.getSpec().getOs()).map(PodOS::getName))) {
      return Optional.of(OTHER_SYSTEM);
    }
    return wantsStrictGroups(pod) ? Optional.of(STRICT_GROUPS) : Optional.empty();
  }

  private static boolean isLinux(Optional<String> system) {
    return system.filter(name -> !name.equals(LINUX)).isEmpty();
  }

  private static Optional<String> label(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return Optional.ofNullable(labels == null ? null : labels.get(OS_LABEL));
  }

  private static boolean wantsStrictGroups(Pod pod) {
    PodSecurityContext security = pod.getSpec().getSecurityContext();
    return security != null && "Strict".equals(security.getSupplementalGroupsPolicy());
  }
}
