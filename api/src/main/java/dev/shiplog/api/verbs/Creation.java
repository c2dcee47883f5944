package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import java.util.concurrent.CompletableFuture;

/** A create that makes no object of its resource: a binding, an eviction, a token, a review. */
@FunctionalInterface
public interface Creation {
  CompletableFuture<Answer> create(ApiRequest.Create request);
}
