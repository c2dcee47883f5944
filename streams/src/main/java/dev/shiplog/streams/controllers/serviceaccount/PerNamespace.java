package dev.shiplog.streams.controllers.serviceaccount;

import static dev.shiplog.streams.kit.ResourceTypes.NAMESPACES;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Keeps an object of one name in every namespace that is not being deleted. */
abstract sealed class PerNamespace<T extends HasMetadata> implements Controller
    permits ServiceAccountController, RootCaPublisher {

  private final ResourceType<T> type;
  private final String objectName;

  PerNamespace(ResourceType<T> type, String objectName) {
    this.type = type;
    this.objectName = objectName;
  }

  /** What to do in a namespace, given the object as it is there. */
  abstract Reconciliation reconcile(String namespace, Optional<T> there);

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.primary(NAMESPACES),
        Source.mapped(
            type,
            (change, views) ->
                ObjectKeys.nameOf(change.key()).equals(objectName)
                    ? List.of(ObjectKeys.namespaceOf(change.key()))
                    : List.of()));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(NAMESPACES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(NAMESPACES)
        .get(key)
        .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() == null)
        .map(namespace -> reconcile(key, views.of(type).get(key, objectName)))
        .orElse(Reconciliation.nothing());
  }
}
