package dev.shiplog.streams.controllers.serviceaccount;

import static dev.shiplog.streams.kit.ResourceTypes.SERVICE_ACCOUNTS;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.Optional;

/** Every namespace has a ServiceAccount named default: the one of pods that name none. */
public final class ServiceAccountController extends PerNamespace<ServiceAccount> {

  private static final String DEFAULT = "default";

  public ServiceAccountController() {
    super(SERVICE_ACCOUNTS, DEFAULT);
  }

  @Override
  public String name() {
    return "service-account-controller";
  }

  @Override
  Reconciliation reconcile(String namespace, Optional<ServiceAccount> there) {
    if (there.isPresent()) {
      return Reconciliation.nothing();
    }
    return Reconciliation.of(
        Commands.create(
            SERVICE_ACCOUNTS,
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(DEFAULT)
                .endMetadata()
                .build()));
  }
}
