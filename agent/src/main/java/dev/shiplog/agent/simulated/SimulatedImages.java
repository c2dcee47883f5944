package dev.shiplog.agent.simulated;

import dev.shiplog.agent.runtime.ImageInfo;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The images of a simulated node: every image exists. Guarded by this. */
final class SimulatedImages {

  private final Map<String, ImageInfo> images = new LinkedHashMap<>();

  synchronized Optional<ImageInfo> find(String reference) {
    return Optional.ofNullable(images.get(ImageNames.full(reference)));
  }

  synchronized ImageInfo pull(String reference) {
    return images.computeIfAbsent(ImageNames.full(reference), SimulatedImages::named);
  }

  private static ImageInfo named(String name) {
    String id = "sha256:" + HexFormat.of().toHexDigits(name.hashCode());
    return new ImageInfo(id, List.of(name), List.of(), 0, OptionalLong.of(1), "", false);
  }

  synchronized List<ImageInfo> all() {
    return List.copyOf(images.values());
  }

  synchronized void remove(String imageId) {
    images.values().removeIf(image -> image.id().equals(imageId));
  }
}
