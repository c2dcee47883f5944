package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.verbs.Parts;

/** Reading of what clients send here. */
final class Sent {

  private Sent() {}

  /** The body as an object of the kind that is created. */
  static ObjectNode object(Parts parts, ApiRequest.Create request) {
    return parts
        .forms()
        .decode(
            request.body(), Target.of(request.target().type()), request.options().fieldValidation())
        .object();
  }
}
