package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.verbs.ObjectUpdate.Sent;
import java.util.concurrent.CompletableFuture;

/** Replaces an object, or what one of its subresources shows of it. */
final class UpdateVerb {

  private final ObjectForms forms;
  private final ObjectUpdate update;

  UpdateVerb(ObjectForms forms, ObjectUpdate update) {
    this.forms = forms;
    this.update = update;
  }

  CompletableFuture<Answer> update(ApiRequest.Update request) {
    return update.run(
        request.target(),
        request.caller(),
        request.verb(),
        request.options(),
        (facet, current) ->
            Sent.of(
                forms.decode(
                    request.body(),
                    facet.bodyType(request.target().type()),
                    request.options().fieldValidation())));
  }
}
