package dev.shiplog.streams.controllers.volume;

import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUMES;
import static dev.shiplog.streams.kit.ResourceTypes.PERSISTENT_VOLUME_CLAIMS;
import static dev.shiplog.streams.kit.ResourceTypes.VOLUME_ATTRIBUTES_CLASSES;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.Index;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Keeps a VolumeAttributesClass that is being deleted as long as a claim or a volume has it. */
public final class AttributesClassProtection implements Controller {

  private static final String FINALIZER = "kubernetes.io/vac-protection";

  private static final Index<PersistentVolumeClaim> CLAIMS =
      new Index<>(PERSISTENT_VOLUME_CLAIMS, "attributes-class", AttributesClassProtection::classes);

  private static final Index<PersistentVolume> VOLUMES =
      new Index<>(PERSISTENT_VOLUMES, "attributes-class", AttributesClassProtection::classes);

  @Override
  public String name() {
    return "volumeattributesclass-protection-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(VOLUME_ATTRIBUTES_CLASSES),
        Source.mapped(
            PERSISTENT_VOLUME_CLAIMS,
            (change, views) ->
                change.states().flatMap(it -> classes(it).stream()).distinct().toList()),
        Source.mapped(
            PERSISTENT_VOLUMES,
            (change, views) ->
                change.states().flatMap(it -> classes(it).stream()).distinct().toList()));
  }

  @Override
  public List<Index<?>> indexes() {
    return List.of(CLAIMS, VOLUMES);
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(VOLUME_ATTRIBUTES_CLASSES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(VOLUME_ATTRIBUTES_CLASSES)
        .get(key)
        .map(found ->
            Protection.settle(VOLUME_ATTRIBUTES_CLASSES, found, FINALIZER, isUsed(key, views)))
        .orElse(Reconciliation.nothing());
  }

  private static boolean isUsed(String key, Views views) {
    return !views.of(PERSISTENT_VOLUME_CLAIMS).find(CLAIMS, key).isEmpty()
        || !views.of(PERSISTENT_VOLUMES).find(VOLUMES, key).isEmpty();
  }

  /** The one it asks for and the one it has may differ for a while. */
  private static List<String> classes(PersistentVolumeClaim claim) {
    String current =
        claim.getStatus() == null ? null : claim.getStatus().getCurrentVolumeAttributesClassName();
    return Stream.of(claim.getSpec().getVolumeAttributesClassName(), current)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private static List<String> classes(PersistentVolume volume) {
    return Stream.ofNullable(volume.getSpec().getVolumeAttributesClassName()).toList();
  }
}
