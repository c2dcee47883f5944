package dev.shiplog.api.http;

import dev.shiplog.api.changes.ChangeFilter;
import dev.shiplog.api.changes.ChangeQuestion;
import dev.shiplog.api.changes.ChangeReads;
import dev.shiplog.api.changes.Moment;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WatchOptions;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.selector.FieldSelector.Term;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.verbs.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Requests about {@code changes.shiplog.dev}: what of the journal they ask for. */
final class ChangesEndpoint {

  private static final List<String> OPERATIONS = List.of("Create", "Update", "Delete");

  private final ChangeReads reads;
  private final WatchEndpoint watches;

  ChangesEndpoint(ChangeReads reads, WatchEndpoint watches) {
    this.reads = reads;
    this.watches = watches;
  }

  static boolean serves(ResourceType type) {
    return type.qualifiedName().equals("changes.shiplog.dev") && type.custom().isEmpty();
  }

  CompletableFuture<Answer> get(Target target, Caller caller) {
    return reads.get(target.type(), caller, target.namespace(), target.name());
  }

  CompletableFuture<Answer> list(Exchange exchange, Target target, Caller caller) {
    Query query = exchange.query();
    ListOptions options = query.list();
    // A list at a revision is one of what had happened by then.
    Optional<Moment> upTo =
        options.at() instanceof ReadAt.Exactly(long revision)
            ? Optional.of(new Moment.AtRevision(revision))
            : moment(query, "until");
    return reads
        .list(
            target.type(),
            caller,
            new ChangeQuestion(
                filter(query, target),
                moment(query, "since"),
                upTo,
                query.flag("newestFirst"),
                options.limit(),
                options.continuation()))
        .thenApply(Function.identity());
  }

  void watch(Exchange exchange, ApiRequest.Watch request) {
    Target target = request.target();
    OptionalLong after = OptionalLong.empty();
    boolean announced = false;
    switch (request.options().start()) {
      case WatchOptions.Start.After from -> after = OptionalLong.of(from.revision());
      case WatchOptions.Start.WithState with -> announced = with.announced();
      case WatchOptions.Start.FromNow _ -> {}
    }
    watches.open(
        exchange,
        request,
        reads.watch(
            target.type(), request.caller(), filter(exchange.query(), target), after, announced));
  }

  private static Optional<Moment> moment(Query query, String name) {
    return Optional.of(query.text(name))
        .filter(text -> !text.isEmpty())
        .map(text -> Moment.parse(name, text));
  }

  private static ChangeFilter filter(Query query, Target target) {
    if (!query.text("labelSelector").isEmpty()) {
      throw Failures.badRequest("changes have no labels; select them by fieldSelector");
    }
    requireOperation(query.text("operation"));
    List<Term> terms = new ArrayList<>(query.selection().fields().terms());
    add(terms, "request.user.username", query.text("user"));
    add(terms, "request.verb", query.text("verb"));
    add(terms, "operation", query.text("operation"));
    add(terms, "object.name", query.text("name"));
    String resource = query.text("resource");
    int dot = resource.indexOf('.');
    add(terms, "object.resource", dot < 0 ? resource : resource.substring(0, dot));
    add(terms, "object.group", dot < 0 ? "" : resource.substring(dot + 1));
    return new ChangeFilter(target.namespace(), new FieldSelector(terms));
  }

  private static void requireOperation(String operation) {
    if (!operation.isEmpty() && !OPERATIONS.contains(operation)) {
      throw Failures.badRequest(
          "invalid value of operation: \"%s\" is none of %s"
              .formatted(operation, String.join(", ", OPERATIONS)));
    }
  }

  private static void add(List<Term> terms, String path, String value) {
    if (!value.isEmpty()) {
      terms.add(new Term(path, true, value));
    }
  }
}
