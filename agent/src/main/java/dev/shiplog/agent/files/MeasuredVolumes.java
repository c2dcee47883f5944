package dev.shiplog.agent.files;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.files.VolumeMeter.By;
import dev.shiplog.agent.files.VolumeMeter.Measurable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of pods' volumes are measured, and how. A path of the host is nobody's volume: the kubelet
 * measures none, be it in the pod itself or behind a claim. Blocks; any thread.
 *
 * @param kept whether a path is a volume that lies in a directory of this node
 */
record MeasuredVolumes(VolumeEntries entries, Predicate<Path> kept, VolumeMeter meter) {

  /** How full they are, by the pods' uids. */
  Map<String, List<VolumeUse>> use(Collection<Pod> pods) {
    return meter.measure(
        pods.stream()
            .flatMap(pod ->
                VolumeEntries.of(pod).stream().flatMap(each -> measurable(pod, each).stream()))
            .toList());
  }

  private Optional<Measurable> measurable(Pod pod, Volume volume) {
    if (entries.isHostPath(pod, volume)) {
      return Optional.empty();
    }
    Path entry = entries.path(pod, volume);
    try {
      return Optional.of(
          new Measurable(
              pod.getMetadata().getUid(),
              volume.getName(),
              VolumeEntries.claim(pod, volume),
              VolumeEntries.target(entry),
              by(entry)));
    } catch (PodConfigException e) {
      // It goes away while it is looked at.
      return Optional.empty();
    }
  }

  private By by(Path entry) {
    if (VolumeEntries.isOfDriver(entry)) {
      return By.DRIVER;
    }
    return !Files.isSymbolicLink(entry) || kept.test(VolumeEntries.target(entry))
        ? By.FILES
        : By.FILE_SYSTEM;
  }
}
