package dev.shiplog.api.access.webhook;

import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.access.TokenCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a server answered, by question. A question that is under way is not asked twice, and only so
 * many are. Any thread.
 */
final class Answers<T> {

  private static final int MOST_KEPT = 20_000;
  private static final int MOST_UNDER_WAY = 1_000;

  /** An answer outlives the look that asked for it, whatever the server's owner wants. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final TokenCache<T> known;
  private final Map<ByteBuffer, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  Answers(InstantSource clock) {
    this.clock = clock;
    this.known = new TokenCache<>(MOST_KEPT, clock);
  }

  /**
   * The answer to a question.
   *
   * @param question told apart by this; only its digest is kept
   * @param ask asks; a failed future is no answer
   * @param lasts how long an answer is good
   * @param none the answer where there is none
   * @throws PendingAnswer if it was asked for just now
   */
  T of(
      String question,
      Supplier<CompletableFuture<T>> ask,
      Function<T, Duration> lasts,
      Function<Throwable, T> none) {
    ByteBuffer key = TokenCache.key(question);
    var before = known.get(key);
    if (before.isPresent()) {
      return before.get();
    }
    if (underWay.size() >= MOST_UNDER_WAY && !underWay.containsKey(key)) {
      return none.apply(new IllegalStateException("too many questions are under way"));
    }
    CompletableFuture<Void> answered = new CompletableFuture<>();
    CompletableFuture<Void> earlier = underWay.putIfAbsent(key, answered);
    if (earlier == null) {
      var _ =
          begin(ask)
              .whenComplete((answer, failed) -> {
                T kept = failed == null ? answer : none.apply(failed);
                Duration asked = failed == null ? lasts.apply(answer) : SHORTEST;
                Duration good = asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
                known.put(key, kept, clock.instant().plus(good));
                underWay.remove(key);
                answered.complete(null);
              });
    }
    throw new PendingAnswer(earlier == null ? answered : earlier);
  }

  private CompletableFuture<T> begin(Supplier<CompletableFuture<T>> ask) {
    try {
      return ask.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
