package dev.shiplog.api.verbs;

import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import java.time.InstantSource;
import java.util.HashMap;
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

  /** What is created without making an object, by {@code plural[/subresource]}. */
  private final Map<String, Creation> creations = new HashMap<>();

  /**
   * Makes them.
   *
   * @param more what else is created without making an object, by {@code plural}
   */
  public Verbs(
      Parts parts,
      Authentication authentication,
      Authorizer authorizer,
      ServiceAccountTokens tokens,
      InstantSource clock,
      Map<String, Creation> more) {
    Facets facets = new Facets(parts.forms());
    get = new GetVerb(parts.store(), facets);
    list = new ListVerb(parts.store(), parts.registry());
    writes = new Writes(parts);
    deleteCollection = new DeleteCollectionVerb(list, writes.delete());
    watch = new WatchVerb(parts.store(), parts.registry());
    binder = new PodBinder(parts);
    creations.put("pods/binding", new BindingCreation(parts, binder));
    creations.put("pods/eviction", new EvictionCreation(parts, writes.delete()));
    creations.put("serviceaccounts/token", new TokenCreation(parts, tokens, clock));
    creations.putAll(new ReviewCreations(parts.forms(), authentication, authorizer).byPlural());
    creations.putAll(more);
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

  /** Binds many pods at once. */
  public PodBinder binder() {
    return binder;
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
