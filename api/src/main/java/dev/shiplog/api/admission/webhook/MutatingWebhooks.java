package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.matching.Replacement;
import dev.shiplog.api.admission.matching.Shown;
import dev.shiplog.api.admission.webhook.Review.Verdict;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks mutating webhooks, one after the other, and applies their patches. One that wants it is
 * asked again if another changed the object after it.
 */
public final class MutatingWebhooks implements AdmissionPlugin {

  private final Webhooks webhooks;

  public MutatingWebhooks(
      HttpsCaller caller, Supplier<ResourceCatalogue> catalogue, Authorizer authorizer) {
    this.webhooks = new Webhooks(true, caller, catalogue, authorizer);
  }

  @Override
  public String name() {
    return "MutatingAdmissionWebhook";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return !webhooks.all(request).isEmpty();
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    return from(request, webhooks.all(request), 0);
  }

  private CompletableFuture<Void> from(AdmissionRequest request, List<Webhook> all, int first) {
    for (int i = first; i < all.size(); i++) {
      Webhook webhook = all.get(i);
      Optional<ResourceType> type = due(webhook, request);
      if (type.isPresent()) {
        int next = i + 1;
        return webhooks
            .ask(webhook, request, type.get())
            .thenComposeAsync(
                verdict -> {
                  verdict.ifPresent(v -> apply(webhook, request, type.get(), v));
                  return from(request, all, next);
                },
                request.caller().executor());
      }
    }
    return Admission.DONE;
  }

  private Optional<ResourceType> due(Webhook webhook, AdmissionRequest request) {
    boolean done =
        request.course().isSecond() && (!webhook.again() || request.course().hasSeen(webhook.id()));
    return done ? Optional.empty() : webhooks.concerns(webhook, request);
  }

  private static void apply(
      Webhook webhook, AdmissionRequest request, ResourceType type, Verdict verdict) {
    boolean changed = false;
    if (verdict.patch().isPresent() && request.object() != null) {
      ObjectNode shown = Shown.object(request, type);
      changed = Replacement.of(request, type, patched(webhook, shown, verdict.patch().get()));
    }
    request.course().passed(webhook.id(), changed);
  }

  private static ObjectNode patched(Webhook webhook, ObjectNode shown, byte[] patch) {
    try {
      return Patch.parse(PatchType.JSON, patch).applyTo(shown, null);
    } catch (ApiFailure e) {
      if (webhook.ignoresFailure()) {
        return shown;
      }
      throw Failures.internal(
          "Internal error occurred: jsonpatch of webhook \"%s\" does not apply: %s"
              .formatted(webhook.name(), e.getMessage()));
    }
  }
}
