package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.UserInfo;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Requests about resources: which verb a request is, and what it brings for it. */
final class ResourceEndpoint {

  private static final dev.shiplog.api.schema.decoding.Target DELETE_OPTIONS =
      dev.shiplog.api.schema.decoding.Target.ofEveryGroup("DeleteOptions");

  private static final Set<String> SELECTING = Set.of("list", "watch", "deletecollection");

  private static final Set<String> APPLY_MEDIA_TYPES =
      Set.of("application/apply-patch+yaml", "application/apply-patch+json");

  private final Supplier<ResourceCatalogue> catalogue;
  private final Gate gate;
  private final Verbs verbs;
  private final Responder responder;
  private final WatchEndpoint watches;
  private final ChangesEndpoint changes;
  private final PodLogs podLogs;
  private final PodStreams podStreams;
  private final ProxyEndpoint proxies;
  private final RemoteConversions conversions;
  private final AuditTrail audit;
  private final RequestMetrics requests;
  private final Turnstile turnstile;
  private final Connections connections;
  private final ObjectDecoder decoder = new ObjectDecoder();

  ResourceEndpoint(
      Supplier<ResourceCatalogue> catalogue,
      Gate gate,
      Verbs verbs,
      Responder responder,
      WatchEndpoint watches,
      ChangesEndpoint changes,
      PodLogs podLogs,
      PodStreams podStreams,
      ProxyEndpoint proxies,
      RemoteConversions conversions,
      AuditTrail audit,
      RequestMetrics requests,
      Turnstile turnstile) {
    this.connections = new Connections(verbs, responder);
    this.audit = audit;
    this.requests = requests;
    this.proxies = proxies;
    this.conversions = conversions;
    this.catalogue = catalogue;
    this.gate = gate;
    this.verbs = verbs;
    this.responder = responder;
    this.watches = watches;
    this.changes = changes;
    this.podLogs = podLogs;
    this.podStreams = podStreams;
    this.turnstile = turnstile;
  }

  void handle(Exchange exchange, ApiPath.Resource path) {
    String verb = verb(exchange, path);
    Optional<ResourceType> type =
        catalogue.get().find(path.group(), path.version(), path.resource());
    type.ifPresent(served -> exchange.countedBy(requests.of(verb, served, path)));
    UserInfo user = gate.pass(exchange, asked(exchange, verb, path));
    Target target = target(path, type.orElseThrow(ResourceEndpoint::unknown));
    exchange.negotiate(hasMessage(target));
    requireOffered(target, verb);
    requireTable(exchange, target);
    exchange.warn(Deprecations.of(target.type()));
    Caller caller = caller(exchange, user, target);
    if (isProxy(target)) {
      connections.admit(exchange, target, caller, () -> proxies.open(exchange, target));
      return;
    }
    if (isStream(target)) {
      // A client that upgrades a GET opens what one that upgrades a POST creates.
      var _ = gate.pass(exchange, attributes("create", path));
      exchange.seen().ifPresent(audit::streams);
      connections.admit(exchange, target, caller, () -> podStreams.open(exchange, target, caller));
      return;
    }
    if (target.subresource().equals("log")) {
      podLogs.open(exchange, target, caller);
      return;
    }
    turnstile.pass(
        exchange,
        user,
        attributes(verb, path),
        permit -> {
          if (ChangesEndpoint.serves(target.type())) {
            changes(exchange, verb, target, caller);
          } else {
            act(exchange, verb, target, caller);
          }
          if (verb.equals("watch")) {
            // Once it is open, a watch costs what its events cost, and those are shared.
            permit.release();
          }
        });
  }

  private void changes(Exchange exchange, String verb, Target target, Caller caller) {
    switch (verb) {
      case "watch" ->
          changes.watch(
              exchange,
              new ApiRequest.Watch(
                  target, caller, exchange.query().selection(), exchange.query().watch()));
      case "list" -> settle(exchange, changes.list(exchange, target, caller));
      default -> settle(exchange, changes.get(target, caller));
    }
  }

  private void act(Exchange exchange, String verb, Target target, Caller caller) {
    switch (verb) {
      case "get" -> get(exchange, target, caller);
      case "list" ->
          answer(
              exchange,
              new ApiRequest.List(
                  target, caller, exchange.query().selection(), exchange.query().list()));
      case "watch" ->
          watches.open(
              exchange,
              new ApiRequest.Watch(
                  target, caller, exchange.query().selection(), exchange.query().watch()));
      case "create" -> create(exchange, target, caller);
      case "update" -> update(exchange, target, caller);
      case "patch" -> patch(exchange, target, caller);
      default -> delete(exchange, target, caller, verb);
    }
  }

  /** Lets a request pass that somebody else will answer, when there is a seat for it. */
  void pass(Exchange exchange, ApiPath.Resource path, Consumer<UserInfo> then) {
    String verb = verb(exchange, path);
    Attributes asked = attributes(verb, path);
    exchange.countedBy(requests.elsewhere(verb, path.group(), path.version()));
    UserInfo user = gate.pass(exchange, asked);
    turnstile.pass(
        exchange,
        user,
        asked,
        permit -> {
          then.accept(user);
          // Nobody here knows how long a stream of somebody else's may go on.
          if (verb.equals("watch") || exchange.request().getHeader("Upgrade") != null) {
            permit.release();
          }
        });
  }

  private Caller caller(Exchange exchange, UserInfo user, Target target) {
    Caller caller = exchange.caller(user);
    return RemoteConversions.waitFor(target.type()) ? conversions.caller(caller) : caller;
  }

  private static String verb(Exchange exchange, ApiPath.Resource path) {
    return switch (exchange.request().method().name()) {
      case "GET", "HEAD" -> {
        boolean one = !path.name().isEmpty();
        boolean watch =
            path.watch() || (path.subresource().isEmpty() && exchange.query().flag("watch"));
        yield watch ? "watch" : one ? "get" : "list";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> path.name().isEmpty() ? "deletecollection" : "delete";
      default -> throw Refusals.methodNotAllowed();
    };
  }

  private static Attributes attributes(String verb, ApiPath.Resource path) {
    String namespace =
        path.namespace().isEmpty() && path.resource().equals("namespaces")
            ? path.name()
            : path.namespace();
    return new Attributes(
        verb,
        path.group(),
        path.version(),
        path.resource(),
        path.subresource(),
        namespace,
        path.name(),
        "");
  }

  /** What is asked, with what a field selector narrows it to. */
  private static Attributes asked(Exchange exchange, String verb, ApiPath.Resource path) {
    Attributes attributes = attributes(verb, path);
    String selector = exchange.query().selector("fieldSelector");
    return selector.isEmpty() || !SELECTING.contains(verb)
        ? attributes
        : attributes.selecting(FieldSelector.parse(selector).demanded());
  }

  private static Target target(ApiPath.Resource path, ResourceType type) {
    boolean placed = !path.namespace().isEmpty();
    boolean needsPlace = type.namespaced() && !path.name().isEmpty();
    if ((placed && !type.namespaced()) || (needsPlace && !placed)) {
      throw unknown();
    }
    if (!path.subresource().isEmpty()) {
      Subresource subresource = type.subresources().get(path.subresource());
      if (subresource == null || (!path.rest().isEmpty() && !subresource.connect())) {
        throw unknown();
      }
    }
    return new Target(type, path.subresource(), path.namespace(), path.name());
  }

  /** Custom resources have no protobuf. */
  private static boolean hasMessage(Target target) {
    return target.type().storage().map(storage -> storage.uid().isEmpty()).orElse(true);
  }

  private static void requireOffered(Target target, String verb) {
    if (target.subresource().isEmpty()) {
      boolean misplaced =
          verb.equals("create")
              && (!target.name().isEmpty()
                  || (target.type().namespaced() && target.namespace().isEmpty()));
      boolean nameless = (verb.equals("update") || verb.equals("patch")) && target.name().isEmpty();
      if (!target.type().verbs().contains(verb) || misplaced || nameless) {
        throw Refusals.methodNotAllowed();
      }
      return;
    }
    Subresource subresource = target.type().subresources().get(target.subresource());
    if (!subresource.verbs().contains(verb)) {
      throw Refusals.methodNotAllowed();
    }
    if (subresource.connect() && !isStream(target) && !isProxy(target)) {
      throw Failures.failure(
          Reason.METHOD_NOT_ALLOWED,
          "%s/%s is not served yet".formatted(target.type().plural(), target.subresource()),
          null);
    }
  }

  /** What is answered and not kept has no columns. */
  private static void requireTable(Exchange exchange, Target target) {
    boolean wanted = exchange.representation().form() == Representation.Form.TABLE;
    if (wanted && target.type().storage().isEmpty() && !target.type().verbs().contains("get")) {
      throw Negotiation.notAcceptable(true);
    }
  }

  private static boolean isProxy(Target target) {
    return target.subresource().equals("proxy") && ProxyEndpoint.serves(target.type());
  }

  private static boolean isStream(Target target) {
    return target.type().plural().equals("pods")
        && target.type().group().isEmpty()
        && PodStreams.SUBRESOURCES.contains(target.subresource());
  }

  private void get(Exchange exchange, Target target, Caller caller) {
    answer(exchange, new ApiRequest.Get(target, caller, exchange.query().getAt()));
  }

  private void create(Exchange exchange, Target target, Caller caller) {
    var options = exchange.query().write();
    with(
        exchange,
        BodyReader.object(
            exchange.request(),
            target.type().qualifiedName().equals("transactions.shiplog.dev")
                ? BodyReader.TRANSACTION_LIMIT
                : BodyReader.LIMIT),
        body -> new ApiRequest.Create(target, caller, body, options));
  }

  private void update(Exchange exchange, Target target, Caller caller) {
    var options = exchange.query().write();
    with(
        exchange,
        BodyReader.object(exchange.request()),
        body -> new ApiRequest.Update(target, caller, body, options));
  }

  private void patch(Exchange exchange, Target target, Caller caller) {
    String media = BodyReader.mediaType(exchange.request());
    if (APPLY_MEDIA_TYPES.contains(media)) {
      apply(exchange, target, caller);
      return;
    }
    PatchType type =
        PatchType.of(media)
            .filter(patch -> understands(target, patch))
            .orElseThrow(() -> Refusals.unsupportedMediaType(media, patches(target)));
    var options = exchange.query().write();
    var _ = exchange.query().force(false);
    with(
        exchange,
        BodyReader.read(exchange.request()),
        body -> new ApiRequest.Patch(target, caller, Patch.parse(type, body), options));
  }

  /** Nobody says of a custom resource how a strategic patch is to merge its lists. */
  private static boolean understands(Target target, PatchType patch) {
    return patch != PatchType.STRATEGIC_MERGE || target.type().custom().isEmpty();
  }

  private static String patches(Target target) {
    String known =
        Arrays.stream(PatchType.values())
            .filter(patch -> understands(target, patch))
            .map(PatchType::mediaType)
            .collect(Collectors.joining(", "));
    return known + ", application/apply-patch+yaml";
  }

  private void apply(Exchange exchange, Target target, Caller caller) {
    var options = exchange.query().apply();
    boolean force = exchange.query().force(true);
    with(
        exchange,
        BodyReader.read(exchange.request()),
        body -> new ApiRequest.Apply(target, caller, new Body(body, Syntax.YAML), options, force));
  }

  private void delete(Exchange exchange, Target target, Caller caller, String verb) {
    Query query = exchange.query();
    with(
        exchange,
        BodyReader.object(exchange.request()),
        body -> {
          DeleteOptions options = query.delete(options(body));
          return verb.equals("delete")
              ? new ApiRequest.Delete(target, caller, options)
              : new ApiRequest.DeleteCollection(
                  target, caller, query.selection(), query.list(), options);
        });
  }

  private DeleteOptions options(Body body) {
    return body.bytes().length == 0
        ? DeleteOptions.DEFAULT
        : DeleteOptions.of(
            decoder
                .decode(body.bytes(), body.syntax(), DELETE_OPTIONS, FieldValidation.IGNORE)
                .object());
  }

  private interface FromBody<T> {
    ApiRequest request(T body);
  }

  private <T> void with(Exchange exchange, CompletableFuture<T> body, FromBody<T> then) {
    settle(exchange, body.thenApply(then::request).thenCompose(this::handle));
  }

  private void answer(Exchange exchange, ApiRequest request) {
    settle(exchange, handle(request));
  }

  private CompletableFuture<Answer> handle(ApiRequest request) {
    return RemoteConversions.waitFor(request.target().type())
        ? conversions.handle(() -> verbs.handle(request))
        : verbs.handle(request);
  }

  private void settle(Exchange exchange, CompletableFuture<Answer> answered) {
    var _ =
        answered.whenComplete(
            (answer, thrown) -> exchange.run(() -> respond(exchange, answer, thrown)));
  }

  private void respond(Exchange exchange, Answer answer, Throwable thrown) {
    try {
      if (thrown != null) {
        responder.fail(exchange, thrown);
      } else {
        responder.send(exchange, answer);
      }
    } catch (RuntimeException bug) {
      responder.fail(exchange, bug);
    }
  }

  /** As Kubernetes answers every path that leads nowhere. */
  static ApiFailure unknown() {
    return Failures.failure(
        Reason.NOT_FOUND, "the server could not find the requested resource", null);
  }
}
