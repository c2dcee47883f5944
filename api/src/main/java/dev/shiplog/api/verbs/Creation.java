package dev.shiplog.api.verbs;

import dev.shiplog.api.request.ApiRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A create that makes no object of its resource: a binding, an eviction, a token, a review. */
@FunctionalInterface
public interface Creation {
  CompletableFuture<Answer> create(ApiRequest.Create request);

  /** What was said when the body was read, and what was said after that. */
  static List<String> both(List<String> before, List<String> after) {
    return Stream.concat(before.stream(), after.stream()).toList();
  }
}
