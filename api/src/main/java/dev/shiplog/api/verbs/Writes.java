package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Refusals;
import java.util.concurrent.CompletableFuture;

/** What changes single objects, on whatever store it is given. Any thread. */
public final class Writes {

  private final CreateVerb create;
  private final UpdateVerb update;
  private final PatchVerb patch;
  private final ApplyVerb apply;
  private final DeleteVerb delete;

  public Writes(Parts parts) {
    Facets facets = new Facets(parts.forms());
    ObjectUpdate change = new ObjectUpdate(parts, facets);
    create = new CreateVerb(parts);
    update = new UpdateVerb(parts.forms(), change);
    patch = new PatchVerb(parts.forms(), change);
    apply = new ApplyVerb(parts, facets, create, change);
    delete = new DeleteVerb(parts);
  }

  /** Carries out a request that changes one object; as {@link Verbs#handle}. */
  public CompletableFuture<Answer> handle(ApiRequest request) {
    return Async.attempt(() ->
        switch (request) {
          case ApiRequest.Create c -> create.create(c);
          case ApiRequest.Update u -> update.update(u);
          case ApiRequest.Patch p -> patch.patch(p);
          case ApiRequest.Apply a -> apply.apply(a);
          case ApiRequest.Delete d -> delete.delete(d);
          case ApiRequest.Get _,
              ApiRequest.List _,
              ApiRequest.Watch _,
              ApiRequest.DeleteCollection _ ->
              throw Refusals.methodNotAllowed();
        });
  }

  DeleteVerb delete() {
    return delete;
  }
}
