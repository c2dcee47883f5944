package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.STORAGE_CLASSES;

import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The storage class for claims that name none. */
final class DefaultClass {

  private static final List<String> ANNOTATIONS =
      List.of(
          "storageclass.kubernetes.io/is-default-class",
          "storageclass.beta.kubernetes.io/is-default-class");

  private DefaultClass() {}

  /** Its name; of several the youngest, and of those the first by name. */
  static Optional<String> in(Views views) {
    return views.of(STORAGE_CLASSES).all().stream()
        .filter(DefaultClass::isDefault)
        .map(StorageClass::getMetadata)
        .min(
            Comparator.comparing(ObjectMeta::getCreationTimestamp)
                .reversed()
                .thenComparing(ObjectMeta::getName))
        .map(ObjectMeta::getName);
  }

  private static boolean isDefault(StorageClass storageClass) {
    return ANNOTATIONS.stream()
        .anyMatch(
            name -> Binding.annotation(storageClass, name).filter("true"::equals).isPresent());
  }
}
