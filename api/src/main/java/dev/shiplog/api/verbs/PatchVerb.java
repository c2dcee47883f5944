package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.ObjectUpdate.Sent;
import java.util.concurrent.CompletableFuture;

/** Changes an object by a difference, which is applied to what is there at each attempt. */
final class PatchVerb {

  private final ObjectForms forms;
  private final ObjectUpdate update;

  PatchVerb(ObjectForms forms, ObjectUpdate update) {
    this.forms = forms;
    this.update = update;
  }

  CompletableFuture<Answer> patch(ApiRequest.Patch request) {
    return update.run(
        request.target(),
        request.caller(),
        request.verb(),
        request.options(),
        (facet, current) -> Sent.of(patched(request, facet, current)));
  }

  private Decoded patched(ApiRequest.Patch request, Facet facet, StoredObject current) {
    ResourceType type = request.target().type();
    Target body = facet.bodyType(type);
    ObjectNode shown = facet.show(type, current.tree());
    return forms.checkPatched(
        request.patch().applyTo(shown, body.type()), body, request.options().fieldValidation());
  }
}
