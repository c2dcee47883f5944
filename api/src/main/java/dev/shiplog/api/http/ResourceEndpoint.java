package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Requests about resources: which verb a request is, and what it brings for it. */
final class ResourceEndpoint {

  private static final Set<String> SELECTING = Set.of("list", "watch", "deletecollection");

  private final Supplier<ResourceCatalogue> catalogue;
  private final Gate gate;
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
  private final VerbCalls calls;
  private final WriteRequests writes;
  private final BodyReader bodies;
  private final Streams streams;

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
      Turnstile turnstile,
      BodyReader bodies,
      Streams streams) {
    this.calls = new VerbCalls(verbs, conversions, responder);
    this.bodies = bodies;
    this.streams = streams;
    this.writes = new WriteRequests(bodies, turnstile, calls, responder);
    this.connections = new Connections(verbs, responder);
    this.audit = audit;
    this.requests = requests;
    this.proxies = proxies;
    this.conversions = conversions;
    this.catalogue = catalogue;
    this.gate = gate;
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
      streams.enter(exchange, user.username());
      connections.admit(exchange, target, caller, () -> proxies.open(exchange, target));
      return;
    }
    if (isStream(target)) {
      // A client that upgrades a GET opens what one that upgrades a POST creates.
      var _ = gate.pass(exchange, attributes("create", path));
      streams.enter(exchange, user.username());
      exchange.seen().ifPresent(audit::streams);
      connections.admit(exchange, target, caller, () -> podStreams.open(exchange, target, caller));
      return;
    }
    if (target.subresource().equals("log")) {
      streams.enter(exchange, user.username());
      podLogs.open(exchange, target, caller);
      return;
    }
    if (WriteRequests.takes(verb)) {
      writes.handle(exchange, target, caller, attributes(verb, path));
      return;
    }
    turnstile.pass(
        exchange,
        user,
        attributes(verb, path),
        verb.equals("list") ? turnstile.width(target, exchange.query().list().limit()) : 1,
        () -> {},
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
      case "list" -> calls.settle(exchange, changes.list(exchange, target, caller));
      default -> calls.settle(exchange, changes.get(target, caller));
    }
  }

  private void act(Exchange exchange, String verb, Target target, Caller caller) {
    switch (verb) {
      case "get" ->
          calls.answer(exchange, new ApiRequest.Get(target, caller, exchange.query().getAt()));
      case "list" ->
          calls.answer(
              exchange,
              new ApiRequest.List(
                  target, caller, exchange.query().selection(), exchange.query().list()));
      default ->
          watches.open(
              exchange,
              new ApiRequest.Watch(
                  target, caller, exchange.query().selection(), exchange.query().watch()));
    }
  }

  /**
   * What is done with a request that somebody else will answer, and with its body if it has one.
   */
  interface Elsewhere {
    void handle(UserInfo user, Optional<Buffer> body);
  }

  /** Lets a request pass that somebody else will answer, when there is a seat for it. */
  void pass(Exchange exchange, ApiPath.Resource path, Elsewhere then) {
    String verb = verb(exchange, path);
    Attributes asked = attributes(verb, path);
    exchange.countedBy(requests.elsewhere(verb, path.group(), path.version()));
    UserInfo user = gate.pass(exchange, asked);
    if (exchange.request().getHeader("Upgrade") == null && WriteRequests.takes(verb)) {
      BodyReader.Incoming incoming = bodies.asItIs(exchange, user, BodyReader.TRANSACTION_LIMIT);
      writes.pass(
          exchange,
          user,
          asked,
          incoming,
          body -> then.handle(user, Optional.of(Buffer.buffer(body))));
      return;
    }
    turnstile.pass(
        exchange,
        user,
        asked,
        permit -> {
          then.handle(user, Optional.empty());
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
            !exchange.wantsHeadOnly()
                && (path.watch()
                    || (path.subresource().isEmpty() && exchange.query().flag("watch")));
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

  /** As Kubernetes answers every path that leads nowhere. */
  static ApiFailure unknown() {
    return Failures.failure(
        Reason.NOT_FOUND, "the server could not find the requested resource", null);
  }
}
