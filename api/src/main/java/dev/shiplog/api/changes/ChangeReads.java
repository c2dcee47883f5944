package dev.shiplog.api.changes;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ChangeLog;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.WatchFeed;
import dev.shiplog.topics.seal.Sealing;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What may be asked about changes: one, a list, those to come. Any thread. */
public final class ChangeReads {

  /** A page has at most so many, whatever was asked for. */
  static final int LARGEST_PAGE = 1000;

  private final Store store;
  private final Supplier<ChangeLog> log;
  private final Authorizer authorizer;
  private final Sealing sealing;

  /**
   * Makes it.
   *
   * @param sealing opens objects as the journal keeps them
   */
  public ChangeReads(Store store, Supplier<ChangeLog> log, Authorizer authorizer, Sealing sealing) {
    this.store = store;
    this.log = log;
    this.authorizer = authorizer;
    this.sealing = sealing;
  }

  /** The change of a revision; {@code NotFound} if there is none, or it may not be seen. */
  public CompletableFuture<Answer> get(
      ResourceType type, Caller caller, String namespace, String name) {
    long revision = revision(name);
    ChangeFilter filter = new ChangeFilter(namespace, FieldSelector.EVERYTHING);
    ChangeQuestion question =
        new ChangeQuestion(
            filter,
            Optional.of(new Moment.AtRevision(revision - 1)),
            Optional.of(new Moment.AtRevision(revision)),
            false,
            1,
            Optional.empty());
    return list(type, caller, question)
        .thenApply(listing -> {
          if (listing.objects().isEmpty()) {
            throw Failures.notFound(type.group(), type.plural(), name);
          }
          return new Answer.Stored(200, type, listing.objects().getFirst(), 0, List.of());
        });
  }

  private static long revision(String name) {
    try {
      return Math.max(1, Long.parseLong(name));
    } catch (NumberFormatException e) {
      throw Failures.notFound("shiplog.dev", "changes", name);
    }
  }

  /** A page of changes. */
  public CompletableFuture<Answer.Listing> list(
      ResourceType type, Caller caller, ChangeQuestion question) {
    Sight sight = new Sight(authorizer, caller.user());
    return question.continuation().isPresent()
        ? continued(type, sight, caller, question, question.continuation().get())
        : begun(type, sight, caller, question);
  }

  private CompletableFuture<Answer.Listing> begun(
      ResourceType type, Sight sight, Caller caller, ChangeQuestion question) {
    return store
        .read(new ReadAt.Latest())
        .thenCompose(state -> bounds(question, state.revision()))
        .thenComposeAsync(
            bounds ->
                page(
                        type,
                        sight,
                        caller,
                        question,
                        bounds,
                        question.newestFirst() ? bounds.to() : bounds.from())
                    .read(),
            caller.executor());
  }

  private CompletableFuture<Answer.Listing> continued(
      ResourceType type, Sight sight, Caller caller, ChangeQuestion question, Continuation at) {
    long from = revision(at.afterKey().isEmpty() ? "1" : at.afterKey());
    return from(question)
        .thenComposeAsync(
            since ->
                page(type, sight, caller, question, new Bounds(since, at.revision()), from).read(),
            caller.executor());
  }

  private ChangePage page(
      ResourceType type,
      Sight sight,
      Caller caller,
      ChangeQuestion question,
      Bounds bounds,
      long place) {
    ChangeLog.Walk walk =
        question.newestFirst()
            ? log.get().upTo(place, question.filter())
            : log.get().after(place, question.filter());
    return new ChangePage(
        type,
        question,
        bounds,
        walk,
        place,
        sight,
        recorded -> ChangeObject.of(recorded, sealing),
        caller.executor());
  }

  /** After one revision, up to another. */
  record Bounds(long from, long to) {}

  private CompletableFuture<Bounds> bounds(ChangeQuestion question, long current) {
    return from(question)
        .thenCombine(
            question
                .until()
                .map(this::kept)
                .orElseGet(() -> CompletableFuture.completedFuture(current)),
            (from, to) -> new Bounds(from, Math.min(to, current)));
  }

  /** Without a wish, the oldest there is; with one, what is gone is not passed over in silence. */
  private CompletableFuture<Long> from(ChangeQuestion question) {
    return question.since().map(this::kept).orElseGet(() -> log.get().oldest());
  }

  /** The revision of a moment; fails if history does not go back to it. */
  private CompletableFuture<Long> kept(Moment moment) {
    return moment
        .revision(log.get())
        .thenApply(revision -> {
          var _ = log.get().after(revision, _ -> false);
          return revision;
        });
  }

  /**
   * Changes as they come.
   *
   * @param after those after this revision; empty for those after now
   */
  public CompletableFuture<WatchFeed> watch(
      ResourceType type,
      Caller caller,
      ChangeFilter filter,
      OptionalLong after,
      boolean announced) {
    Sight sight = new Sight(authorizer, caller.user());
    return (after.isPresent()
            ? CompletableFuture.completedFuture(after.getAsLong())
            : store.read(new ReadAt.Latest()).thenApply(state -> state.revision()))
        .thenApply(from ->
            new ChangeFeed(
                type,
                log.get(),
                log.get().after(from, filter),
                from,
                announced,
                sight,
                recorded -> ChangeObject.of(recorded, sealing)));
  }
}
