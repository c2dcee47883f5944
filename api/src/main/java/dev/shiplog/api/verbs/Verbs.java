package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.Store;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Hands each request to its verb. */
public final class Verbs {

  private final GetVerb get;
  private final ListVerb list;
  private final Writes writes;
  private final DeleteCollectionVerb deleteCollection;
  private final WatchVerb watch;
  private final PodBinder binder;
  private final Store store;
  private final SubresourceAdmission admission;

  /** What is created without making an object, by {@code plural[/subresource]}. */
  private final Map<String, Creation> creations = new HashMap<>();

  /** What is kept nowhere and made for each request, by plural. */
  private final Map<String, MadeObjects> made = new HashMap<>();

  /**
   * Makes them.
   *
   * @param store what the parts' store is, with its past
   * @param more what else is created without making an object, by {@code plural}
   */
  public Verbs(
      Parts parts,
      Store store,
      Authentication authentication,
      Authorizer authorizer,
      ServiceAccountTokens tokens,
      InstantSource clock,
      Map<String, Creation> more) {
    Facets facets = new Facets(parts.forms());
    this.store = store;
    admission = new SubresourceAdmission(parts.admission());
    get = new GetVerb(store, facets);
    list = new ListVerb(store, parts.registry());
    writes = new Writes(parts);
    deleteCollection = new DeleteCollectionVerb(list, writes.delete());
    watch = new WatchVerb(store, parts.registry());
    binder = new PodBinder(parts);
    creations.put("pods/binding", new BindingCreation(parts, binder));
    creations.put("pods/eviction", new EvictionCreation(parts, writes.delete()));
    creations.put("serviceaccounts/token", new TokenCreation(parts, tokens, clock));
    creations.putAll(
        new ReviewCreations(parts.forms(), authentication, authorizer, tokens.audiences())
            .byPlural());
    creations.putAll(more);
  }

  /** Serves a resource that is kept nowhere; before the first request. */
  public Verbs serving(String plural, MadeObjects objects) {
    made.put(plural, objects);
    return this;
  }

  /**
   * Carries out any request but a watch.
   *
   * @return completes on the caller's executor, or fails with an {@link
   *     dev.shiplog.api.status.ApiFailure}, perhaps wrapped
   */
  public CompletableFuture<Answer> handle(ApiRequest request) {
    return Async.attempt(() ->
        switch (request) {
          case ApiRequest.Get g when isMade(g.target()) ->
              made.get(g.target().type().plural()).get(g);
          case ApiRequest.List l when isMade(l.target()) ->
              made.get(l.target().type().plural()).list(l);
          case ApiRequest.Get g -> get.get(g);
          case ApiRequest.List l -> list.list(l).thenApply(Function.identity());
          case ApiRequest.Create c -> create(c);
          case ApiRequest.Update _, ApiRequest.Patch _, ApiRequest.Apply _, ApiRequest.Delete _ ->
              writes.handle(request);
          case ApiRequest.DeleteCollection d ->
              deleteCollection.delete(d).thenApply(Function.identity());
          case ApiRequest.Watch w -> throw Refusals.methodNotAllowed();
        });
  }

  /**
   * Opens the feed of a watch; it is used on the caller's executor and closed by whoever reads it.
   */
  public CompletableFuture<WatchFeed> watch(ApiRequest.Watch request) {
    return Async.attempt(() -> watch.watch(request));
  }

  /**
   * Lets a connection through, as far as admission has anything to say.
   *
   * @param options what the client asks of it
   * @return warnings; fails with the refusal
   */
  public CompletableFuture<List<String>> connect(Target target, Caller caller, ObjectNode options) {
    return Async.attempt(() -> admission.connect(target, caller, options, store.current()));
  }

  /** Binds many pods at once. */
  public PodBinder binder() {
    return binder;
  }

  private boolean isMade(Target target) {
    return target.type().storage().isEmpty() && made.containsKey(target.type().plural());
  }

  private CompletableFuture<Answer> create(ApiRequest.Create request) {
    Target target = request.target();
    String path =
        target.subresource().isEmpty()
            ? target.type().plural()
            : target.type().plural() + "/" + target.subresource();
    // A custom resource may well have the name of what is answered by something special.
    Creation special = target.type().custom().isPresent() ? null : creations.get(path);
    if (special != null) {
      return special.create(request);
    }
    if (!target.subresource().isEmpty()) {
      throw Refusals.methodNotAllowed();
    }
    return writes.handle(request);
  }
}
