package dev.shiplog.agent.eviction;

import dev.shiplog.agent.files.DiskUse;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.runtime.PodStats.Usage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds pods to what they may write on the node's disk: each emptyDir, each container, all of a
 * pod.
 */
final class StorageLimits {

  private static final String STORAGE = "ephemeral-storage";

  private final PodFiles files;

  StorageLimits(PodFiles files) {
    this.files = files;
  }

  /** Whether the pod has any such limit: the others cost nothing. */
  static boolean hasLimits(Pod pod) {
    return pod.getSpec().getVolumes().stream().anyMatch(each -> volumeLimit(each).isPresent())
        || pod.getSpec().getContainers().stream().anyMatch(each -> limit(each).isPresent());
  }

  /**
   * What the pod does wrong, in the kubelet's words; empty if nothing.
   *
   * @param usages of its containers, by name
   */
  Optional<String> breach(Pod pod, Map<String, Usage> usages) {
    Map<String, Path> volumes = files.volumes(pod);
    return ofVolumes(pod, volumes)
        .or(() -> ofContainers(pod, usages))
        .or(() -> ofPod(pod, volumes, usages));
  }

  private static Optional<String> ofVolumes(Pod pod, Map<String, Path> volumes) {
    return pod.getSpec().getVolumes().stream()
        .filter(each -> volumeLimit(each).isPresent())
        .filter(each ->
            DiskUse.of(volumes.get(each.getName())).bytes()
                > bytes(volumeLimit(each).orElseThrow()))
        .findFirst()
        .map(each ->
            "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                .formatted(each.getName(), volumeLimit(each).orElseThrow()));
  }

  private Optional<String> ofContainers(Pod pod, Map<String, Usage> usages) {
    return pod.getSpec().getContainers().stream()
        .filter(each -> limit(each).isPresent())
        .filter(each -> written(pod, each.getName(), usages) > bytes(limit(each).orElseThrow()))
        .findFirst()
        .map(each ->
            "Container %s exceeded its local ephemeral storage limit \"%s\". "
                .formatted(each.getName(), limit(each).orElseThrow()));
  }

  /** The pod as a whole is limited only if each of its containers is. */
  private Optional<String> ofPod(Pod pod, Map<String, Path> volumes, Map<String, Usage> usages) {
    List<Container> containers = pod.getSpec().getContainers();
    if (!containers.stream().allMatch(each -> limit(each).isPresent())) {
      return Optional.empty();
    }
    long limit = containers.stream().mapToLong(each -> bytes(limit(each).orElseThrow())).sum();
    return use(pod, volumes, usages).bytes() > limit
        ? Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers %s. "
                .formatted(Words.amount(limit)))
        : Optional.empty();
  }

  /** What a pod has on the node's disk that goes with it. */
  DiskUse use(Pod pod, Map<String, Path> volumes, Map<String, Usage> usages) {
    Stream<DiskUse> inVolumes =
        pod.getSpec().getVolumes().stream()
            .filter(StorageLimits::isOnDisk)
            .map(each -> DiskUse.of(volumes.get(each.getName())));
    Stream<DiskUse> ofContainers =
        pod.getSpec().getContainers().stream().map(each -> use(pod, each.getName(), usages));
    return Stream.concat(inVolumes, ofContainers).reduce(DiskUse.NONE, DiskUse::plus);
  }

  /** What one container has there, in its layer and its logs. */
  long written(Pod pod, String container, Map<String, Usage> usages) {
    return use(pod, container, usages).bytes();
  }

  private DiskUse use(Pod pod, String container, Map<String, Usage> usages) {
    Usage usage = usages.get(container);
    DiskUse layer =
        usage == null
            ? DiskUse.NONE
            : new DiskUse(usage.writableLayerBytes(), usage.writableLayerFiles());
    return layer.plus(DiskUse.of(files.logDirectory(pod).resolve(container)));
  }

  private static boolean isOnDisk(Volume volume) {
    return volume.getEmptyDir() != null && !"Memory".equals(volume.getEmptyDir().getMedium());
  }

  /** One in memory is limited by the kernel. */
  private static Optional<Quantity> volumeLimit(Volume volume) {
    return isOnDisk(volume)
        ? Optional.ofNullable(volume.getEmptyDir().getSizeLimit())
            .filter(limit -> limit.getNumericalAmount().signum() > 0)
        : Optional.empty();
  }

  private static Optional<Quantity> limit(Container container) {
    return container.getResources() == null || container.getResources().getLimits() == null
        ? Optional.empty()
        : Optional.ofNullable(container.getResources().getLimits().get(STORAGE));
  }

  private static long bytes(Quantity quantity) {
    return quantity.getNumericalAmount().longValue();
  }
}
