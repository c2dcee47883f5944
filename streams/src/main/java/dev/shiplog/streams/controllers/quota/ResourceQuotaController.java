package dev.shiplog.streams.controllers.quota;

import static dev.shiplog.streams.kit.ResourceTypes.RESOURCE_QUOTAS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says how much of each quota is used. What goes beyond one is refused elsewhere, at commit. */
public final class ResourceQuotaController implements Controller {

  private final List<ResourceType<?>> counted;

  /**
   * A controller.
   *
   * @param types every resource there is; those without namespaces are left out
   */
  public ResourceQuotaController(Collection<ResourceType<?>> types) {
    List<ResourceType<?>> namespaced = new ArrayList<>(types);
    namespaced.removeIf(type -> !type.namespaced() || type.equals(RESOURCE_QUOTAS));
    this.counted = List.copyOf(namespaced);
  }

  @Override
  public String name() {
    return "resourcequota-controller";
  }

  @Override
  public List<Source<?>> sources() {
    List<Source<?>> sources = new ArrayList<>();
    sources.add(Source.mapped(RESOURCE_QUOTAS, (change, views) -> all(change.key(), views)));
    counted.forEach(type -> sources.add(source(type)));
    return sources;
  }

  private static <T extends HasMetadata> Source<T> source(ResourceType<T> type) {
    return Source.mapped(type, (change, views) -> all(change.key(), views));
  }

  /** All quotas of a namespace: quotas are counted, too. */
  private static Collection<String> all(String key, Views views) {
    return views.of(RESOURCE_QUOTAS).inNamespace(ObjectKeys.namespaceOf(key)).stream()
        .map(ObjectKeys::keyOf)
        .toList();
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(RESOURCE_QUOTAS).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(RESOURCE_QUOTAS)
        .get(key)
        .filter(quota -> quota.getMetadata().getDeletionTimestamp() == null)
        .map(quota -> reconcile(quota, views))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(ResourceQuota quota, Views views) {
    Map<String, Quantity> hard =
        quota.getSpec().getHard() == null ? Map.of() : quota.getSpec().getHard();
    Usage usage = new Usage(quota, views);
    Map<String, Quantity> used = new TreeMap<>();
    hard.keySet().forEach(name -> used.put(name, usage.of(name)));
    ResourceQuota reported =
        new ResourceQuotaBuilder(quota)
            .withNewStatus()
            .withHard(hard)
            .withUsed(used)
            .endStatus()
            .build();
    return Commands.changeStatusAsSeen(RESOURCE_QUOTAS, quota, reported)
        .map(Reconciliation::of)
        .orElse(Reconciliation.nothing());
  }
}
