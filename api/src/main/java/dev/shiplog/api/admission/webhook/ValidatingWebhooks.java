package dev.shiplog.api.admission.webhook;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.expressions.ConfigurationCheck;
import dev.shiplog.api.admission.webhook.Review.Verdict;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Asks validating webhooks, all at once. */
public final class ValidatingWebhooks implements AdmissionPlugin {

  private final Webhooks webhooks;

  public ValidatingWebhooks(
      HttpsCaller caller, Supplier<ResourceCatalogue> catalogue, Authorizer authorizer) {
    this.webhooks = new Webhooks(false, caller, catalogue, authorizer);
  }

  @Override
  public String name() {
    return "ValidatingAdmissionWebhook";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return !webhooks.all(request).isEmpty() || ConfigurationCheck.concerns(request);
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    if (ConfigurationCheck.concerns(request)) {
      ConfigurationCheck.check(request);
    }
    List<CompletableFuture<Optional<Verdict>>> asked = new ArrayList<>();
    for (Webhook webhook : webhooks.all(request)) {
      Optional<ResourceType> type = webhooks.concerns(webhook, request);
      type.ifPresent(t -> asked.add(webhooks.ask(webhook, request, t)));
    }
    return Webhooks.all(asked);
  }
}
