package dev.shiplog.streams.controllers.volume;

import dev.shiplog.streams.kit.Selectors;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which volumes are what a claim asks for. */
final class VolumeMatch {

  private static final String STORAGE = "storage";

  private final PersistentVolumeClaim claim;
  private final Predicate<HasMetadata> selector;

  VolumeMatch(PersistentVolumeClaim claim) {
    this.claim = claim;
    this.selector =
        claim.getSpec().getSelector() == null
            ? any -> true
            : Selectors.matching(claim.getSpec().getSelector());
  }

  /** Of volumes that nobody has, the smallest that will do; the first by name of equal ones. */
  Optional<PersistentVolume> smallest(Stream<PersistentVolume> free) {
    return free.filter(volume -> !Binding.isGoing(volume))
        .filter(selector)
        .filter(this::satisfies)
        .min(
            Comparator.comparing(VolumeMatch::capacity)
                .thenComparing(volume -> volume.getMetadata().getName()));
  }

  /** Whether the volume will do for the claim, selector aside. */
  boolean satisfies(PersistentVolume volume) {
    return Binding.className(volume).equals(Binding.className(claim))
        && mode(volume.getSpec().getVolumeMode()).equals(mode(claim.getSpec().getVolumeMode()))
        && volume.getSpec().getAccessModes().containsAll(claim.getSpec().getAccessModes())
        && capacity(volume).compareTo(asked()) >= 0;
  }

  private BigDecimal asked() {
    return claim.getSpec().getResources() == null
        ? BigDecimal.ZERO
        : storage(claim.getSpec().getResources().getRequests());
  }

  private static BigDecimal capacity(PersistentVolume volume) {
    return storage(volume.getSpec().getCapacity());
  }

  private static BigDecimal storage(Map<String, Quantity> amounts) {
    Quantity storage = amounts == null ? null : amounts.get(STORAGE);
    return storage == null ? BigDecimal.ZERO : storage.getNumericalAmount();
  }

  private static String mode(String volumeMode) {
    return Objects.requireNonNullElse(volumeMode, "Filesystem");
  }
}
