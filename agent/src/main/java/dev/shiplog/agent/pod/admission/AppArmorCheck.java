package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.pod.plan.PodSpecs;
import dev.shiplog.agent.pod.status.Situation.Words;
import dev.shiplog.agent.runtime.PodRuntime;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod that relies on AppArmor does not run without it. */
record AppArmorCheck(PodRuntime runtime) implements AdmissionCheck {

  private static final Words WITHOUT =
      new Words("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");

  @Override
  public Optional<Words> refusal(Pod pod) {
    return reliesOnIt(pod) && !runtime.enforcesAppArmor() ? Optional.of(WITHOUT) : Optional.empty();
  }

  private static boolean reliesOnIt(Pod pod) {
    Stream<AppArmorProfile> ofPod =
        Stream.ofNullable(pod.getSpec().getSecurityContext())
            .map(PodSecurityContext::getAppArmorProfile);
    Stream<AppArmorProfile> ofContainers =
        PodSpecs.containers(pod).stream()
            .map(Container::getSecurityContext)
            .filter(Objects::nonNull)
            .map(SecurityContext::getAppArmorProfile);
    return Stream.concat(ofPod, ofContainers)
        .filter(Objects::nonNull)
        .anyMatch(profile -> !"Unconfined".equals(profile.getType()));
  }
}
