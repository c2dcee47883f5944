package dev.shiplog.streams.controllers;

import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.view.ViewSet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Given objects, what does a controller do about a key? */
public final class Scenario {

  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final Controller controller;
  private final ViewSet views;
  private long revision = 100;

  public Scenario(Controller controller) {
    this.controller = controller;
    List<ResourceType<?>> types = new ArrayList<>();
    controller.sources().stream().map(Source::type).forEach(types::add);
    this.views = ViewSet.of(types, controller.indexes());
  }

  /** Puts an object into the views, with a uid after its key unless it has one. */
  public <T extends HasMetadata> T given(ResourceType<T> type, T object) {
    ObjectMeta metadata = object.getMetadata();
    String key = ObjectKeys.keyOf(object);
    metadata.setUid(metadata.getUid() == null ? "uid-" + key : metadata.getUid());
    metadata.setResourceVersion(Long.toString(++revision));
    if (metadata.getGeneration() == null) {
      metadata.setGeneration(1L);
    }
    if (metadata.getCreationTimestamp() == null) {
      metadata.setCreationTimestamp(NOW.minusSeconds(3600).toString());
    }
    views
        .view(type.resource())
        .apply(key, KubernetesJson.bytes(object), revision, NOW.minusSeconds(60).toEpochMilli());
    return views.of(type).get(key).orElseThrow();
  }

  public void deleted(ResourceType<?> type, String key) {
    views.view(type.resource()).apply(key, null, ++revision, NOW.toEpochMilli());
  }

  public Views views() {
    return views;
  }

  public Reconciliation reconcile(String key) {
    return controller.reconcile(key, views, NOW);
  }

  public Reconciliation reconcile(String key, List<RefusedCommand> refused) {
    return controller.reconcile(key, refused, views, NOW);
  }
}
