package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.IssuerDocuments;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.aggregation.ExtensionApi;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.changes.ChangeReads;
import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.trace.Step;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Takes every request and hands it to what its path names. Called on event loops; each request
 * stays on its own.
 */
public final class ApiServer implements AutoCloseable {

  /** Who acts as somebody else asks about each part of that identity. */
  private static final int MOST_ANSWERS = 64;

  private static final int INTERNAL_ERROR = 500;

  private final Parts parts;
  private final Gate gate;
  private final Turnstile turnstile;
  private final Responder responder;
  private final ResourceEndpoint resources;
  private final ExtensionEndpoint extensions;
  private final MetricsEndpoint metrics;
  private final DocumentEndpoint documents;
  private final OpenApiEndpoint openApi;
  private final HealthEndpoint health;
  private final WatchEndpoint watches;
  private final KubeletClient kubelets;
  private final MetricsPage page;
  private final RequestMetrics requests;
  private final UnderWay underWay = new UnderWay();

  /**
   * What the server is put together from.
   *
   * @param serving false keeps all requests but those for health away
   * @param extensions what other servers serve
   * @param remotes connections to them
   * @param workers take what would hold up an event loop
   * @param bounds of what clients may hold
   * @param audit is told of every request
   * @param kubeletCertificate what nodes are shown; with its key
   * @param kubeletAuthority whom nodes' certificates must be signed by
   */
  public record Parts(
      Vertx vertx,
      Supplier<ResourceCatalogue> catalogue,
      Store store,
      Verbs verbs,
      ChangeReads changes,
      Authentication authentication,
      Authorizer authorizer,
      IssuerDocuments issuer,
      Health health,
      BooleanSupplier serving,
      ExtensionApis extensions,
      RemoteClients remotes,
      InstantSource clock,
      Executor workers,
      FlowControl flowControl,
      Bounds bounds,
      AuditTrail audit,
      Optional<Path> kubeletCertificate,
      Optional<Path> kubeletKey,
      Optional<Path> kubeletAuthority) {}

  /**
   * What clients may hold.
   *
   * @param request how long a request may take that is no watch and no stream
   * @param body how long its body may take to come
   * @param watchesPerUser how many watches one user may have open at a time
   * @param streamsPerUser how many logs and connections to pods, Services and nodes
   */
  public record Bounds(Duration request, Duration body, int watchesPerUser, int streamsPerUser) {}

  public ApiServer(Parts parts) {
    this.parts = parts;
    Encoder encoder = new Encoder(parts.clock());
    responder = new Responder(encoder);
    ReverseProxy proxy = new ReverseProxy(responder);
    RemoteConversions conversions = new RemoteConversions();
    MeterRegistry meters = ProcessMetrics.here().registry();
    requests = new RequestMetrics(meters);
    gate = new Gate(parts.authentication(), parts.authorizer(), new AccessMetrics(meters));
    turnstile =
        new Turnstile(parts.flowControl(), parts.vertx(), responder, parts.bounds().request());
    watches =
        new WatchEndpoint(
            parts.vertx(),
            parts.catalogue(),
            parts.verbs(),
            responder,
            new EventEncoder(encoder),
            conversions,
            requests,
            parts.bounds().watchesPerUser());
    kubelets =
        new KubeletClient(
            parts.vertx(),
            parts
                .kubeletCertificate()
                .flatMap(
                    file -> parts.kubeletKey().map(key -> new KubeletClient.Identity(file, key))),
            parts.kubeletAuthority());
    resources =
        new ResourceEndpoint(
            parts.catalogue(),
            gate,
            parts.verbs(),
            responder,
            watches,
            new ChangesEndpoint(parts.changes(), watches),
            new PodLogs(parts.store(), kubelets, responder),
            new PodStreams(parts.store(), kubelets, responder),
            new ProxyEndpoint(parts.store(), parts.remotes(), proxy),
            conversions,
            parts.audit(),
            requests,
            turnstile,
            new BodyReader(parts.bounds().body(), BodyRoom.ofThisProcess()),
            new Streams(parts.bounds().streamsPerUser()));
    extensions = new ExtensionEndpoint(parts.extensions(), parts.store(), parts.remotes(), proxy);
    metrics =
        new MetricsEndpoint(
            parts.store(), new NodeSummaries(kubelets, parts.clock()::millis), responder);
    documents = new DocumentEndpoint(parts.catalogue(), parts.extensions(), responder);
    openApi =
        new OpenApiEndpoint(parts.catalogue(), parts.extensions(), parts.workers(), responder);
    health = new HealthEndpoint(parts.health());
    page = new MetricsPage(parts.workers(), responder);
  }

  /** Takes a request; on its event loop. */
  public void handle(HttpServerRequest request) {
    request.response().exceptionHandler(broken -> {});
    Exchange exchange = new Exchange(request, Vertx.currentContext(), parts.clock().millis());
    underWay.begin(request, () -> answered(exchange));
    request.response().headersEndHandler(head -> headSent(exchange));
    handle(exchange, 0);
  }

  /**
   * Answers a request that is none, as whoever read it found.
   *
   * @param code what it should be answered with
   */
  public void refuse(HttpServerRequest request, int code, Throwable why) {
    Exchange exchange = new Exchange(request, Vertx.currentContext(), parts.clock().millis());
    boolean known = code >= 400 && code < 500;
    responder.fail(
        exchange,
        known
            ? Failures.badRequest(why == null ? "the request is malformed" : why.getMessage())
            : Failures.internal("the request could not be read"));
  }

  private void headSent(Exchange exchange) {
    int code = exchange.response().getStatusCode();
    meters(exchange).headSent(code);
    exchange.seen().ifPresent(seen -> parts.audit().answered(seen, code));
  }

  private void answered(Exchange exchange) {
    int code = exchange.response().getStatusCode();
    meters(exchange).answered(code, exchange.ageNanos());
    Step step = exchange.step().with("http.response.status_code", code);
    if (code >= INTERNAL_ERROR) {
      step.failed(Integer.toString(code));
    }
    step.close();
  }

  /** What asks for nothing that there is, is counted together. */
  private RequestMeters meters(Exchange exchange) {
    return exchange
        .meters()
        .orElseGet(() -> requests.path(exchange.request().method().name(), "unknown"));
  }

  private void handle(Exchange exchange, int waited) {
    HttpServerRequest request = exchange.request();
    try {
      ApiPath path = ApiPath.parse(request.path()).orElseThrow(ResourceEndpoint::unknown);
      switch (path) {
        case ApiPath.Other other -> other(exchange, other);
        case ApiPath.Resource resource -> {
          requireServing();
          resource(exchange, resource);
        }
      }
    } catch (PendingAnswer pending) {
      waitFor(pending, exchange, waited);
    } catch (RuntimeException refused) {
      responder.fail(exchange, refused);
    }
  }

  /** Nothing was done with the request yet: once the answer is there, it is looked at again. */
  private void waitFor(PendingAnswer pending, Exchange exchange, int waited) {
    if (waited >= MOST_ANSWERS) {
      responder.fail(exchange, PendingAnswer.failure());
      return;
    }
    exchange.request().pause();
    Context loop = Vertx.currentContext();
    var _ =
        pending
            .answered()
            .whenComplete((none, failed) ->
                loop.runOnContext(again -> {
                  exchange.request().resume();
                  handle(exchange, waited + 1);
                }));
  }

  private void resource(Exchange exchange, ApiPath.Resource path) {
    Optional<ExtensionApi> elsewhere = extensions.find(path.group(), path.version());
    if (elsewhere.isPresent()) {
      resources.pass(
          exchange, path, (user, body) -> extensions.pass(exchange, elsewhere.get(), user, body));
    } else if (MetricsEndpoint.serves(path)) {
      resources.pass(exchange, path, (user, body) -> metrics.handle(exchange, path));
    } else {
      resources.handle(exchange, path);
    }
  }

  private void other(Exchange exchange, ApiPath.Other path) {
    String method = exchange.request().method().name();
    Attributes asked = Attributes.ofPath(method.toLowerCase(Locale.ROOT), path.path());
    UserInfo user = gate.pass(exchange, asked);
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw Refusals.methodNotAllowed();
    }
    String first = path.segments().isEmpty() ? "" : path.segments().getFirst();
    exchange.countedBy(requests.path(method, first));
    if (HealthEndpoint.PATHS.contains(first)) {
      // Whoever watches over this server must not wait behind those it is busy with.
      health.handle(exchange, first);
    } else {
      turnstile.pass(exchange, user, asked, permit -> document(exchange, path, user, first));
    }
  }

  private void document(Exchange exchange, ApiPath.Other path, UserInfo user, String first) {
    Optional<ExtensionApi> elsewhere = extensions.find(path.segments());
    if (elsewhere.isPresent()) {
      extensions.pass(exchange, elsewhere.get(), user, Optional.empty());
    } else if (parts.issuer().at(path.path()).isPresent()) {
      IssuerDocuments.Document document = parts.issuer().at(path.path()).get();
      exchange.send(200, document.mediaType(), Buffer.buffer(document.text()));
    } else if (path.path().equals("/metrics")) {
      page.handle(exchange);
    } else if (first.equals("openapi")) {
      openApi.handle(exchange, path.segments());
    } else {
      documents.handle(exchange, path.segments());
    }
  }

  private void requireServing() {
    if (!parts.serving().getAsBoolean()) {
      throw Failures.unavailable("the server is starting");
    }
  }

  /** From here on every answer is the last one on its connection, so that clients go elsewhere. */
  public void leave() {
    underWay.leave();
  }

  /**
   * Ends all watches, and waits for what is being answered.
   *
   * @return whether everything was answered in time
   */
  public boolean finish(Duration atMost) {
    watches.stop();
    return underWay.awaitNone(atMost);
  }

  /** Ends all watches and lets go of the nodes. */
  @Override
  public void close() {
    watches.stop();
    kubelets.close();
  }
}
