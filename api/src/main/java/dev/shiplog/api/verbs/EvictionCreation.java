package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.Failures;
import java.util.concurrent.CompletableFuture;

/**
 * Evicts a pod: deletes it with the options of the eviction. Disruption budgets are not looked at
 * yet.
 */
final class EvictionCreation implements Creation {

  private static final dev.shiplog.api.schema.decoding.Target EVICTION =
      dev.shiplog.api.schema.decoding.Target.of(new GroupVersion("policy", "v1"), "Eviction");

  private final ObjectForms forms;
  private final DeleteVerb delete;

  EvictionCreation(ObjectForms forms, DeleteVerb delete) {
    this.forms = forms;
    this.delete = delete;
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    Decoded decoded = forms.decode(request.body(), EVICTION, request.options().fieldValidation());
    String name = decoded.object().path("metadata").path("name").asText("");
    Target target = request.target();
    if (!name.isEmpty() && !name.equals(target.name())) {
      throw Failures.badRequest("name in URL does not match name in Eviction object");
    }
    JsonNode asked = decoded.object().path("deleteOptions");
    DeleteOptions options = DeleteOptions.of(asked);
    Target pod = new Target(target.type(), "", target.namespace(), target.name());
    return delete
        .delete(
            new ApiRequest.Delete(
                pod,
                request.caller(),
                options.withDryRun(options.dryRun() || request.options().dryRun())))
        .thenApply(deleted ->
            new Answer.Made(201, Statuses.success(), committed(deleted), decoded.warnings()));
  }

  private static long committed(Answer answer) {
    return switch (answer) {
      case Answer.Stored stored -> stored.committed();
      case Answer.Made made -> made.committed();
      case Answer.Listing listing -> 0;
    };
  }
}
