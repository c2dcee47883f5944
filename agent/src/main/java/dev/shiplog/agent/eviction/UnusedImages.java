package dev.shiplog.agent.eviction;

import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Removes images that no container is made of, when their disk runs full. Blocks. */
record UnusedImages(PodRuntime runtime) {

  private static final Logger LOG = Logger.getLogger(UnusedImages.class);

  /** Removes all of them; what cannot be removed stays. */
  void remove() {
    Set<String> used =
        runtime.pods().stream()
            .flatMap(pod -> pod.containers().stream())
            .flatMap(each -> Stream.of(each.image(), each.imageReference()))
            .collect(Collectors.toSet());
    runtime.images().stream()
        .filter(image -> !image.pinned() && names(image).noneMatch(used::contains))
        .forEach(this::remove);
  }

  private static Stream<String> names(ImageInfo image) {
    return Stream.of(Stream.of(image.id()), image.tags().stream(), image.digests().stream())
        .flatMap(each -> each);
  }

  private void remove(ImageInfo image) {
    try {
      runtime.removeImage(image.id());
      LOG.infof("Removed image %s (%d bytes): the disk is full", image.tags(), image.sizeBytes());
    } catch (PodRuntimeException e) {
      LOG.warnf("Cannot remove image %s: %s", image.tags(), e.getMessage());
    }
  }
}
