package dev.shiplog.streams.controllers.quota;

import static dev.shiplog.streams.kit.ResourceTypes.RESOURCE_QUOTAS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Puts a quota's {@code status.hard} right when somebody wrote it. What is used is not this
 * controller's: the API server counts it in the commits that use it.
 */
public final class ResourceQuotaController implements Controller {

  @Override
  public String name() {
    return "resourcequota-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.mapped(RESOURCE_QUOTAS, (change, views) -> List.of(change.key())));
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
        .map(ResourceQuotaController::reconcile)
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation reconcile(ResourceQuota quota) {
    Map<String, Quantity> hard =
        quota.getSpec().getHard() == null ? Map.of() : quota.getSpec().getHard();
    ResourceQuota reported =
        new ResourceQuotaBuilder(quota).editOrNewStatus().withHard(hard).endStatus().build();
    return Commands.changeStatusAsSeen(RESOURCE_QUOTAS, quota, reported)
        .map(Reconciliation::of)
        .orElse(Reconciliation.nothing());
  }
}
