package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.webhook.HttpsCaller;
import dev.shiplog.api.aggregation.AvailabilityProbe;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.changes.ChangeReads;
import dev.shiplog.api.commands.CommandIntake;
import dev.shiplog.api.commands.IntakeSettings;
import dev.shiplog.api.commands.VerbCommandExecutor;
import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.http.ApiServer;
import dev.shiplog.api.http.ConnectionPatience;
import dev.shiplog.api.http.Health;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.projection.ProjectionSettings;
import dev.shiplog.api.projection.Projector;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.transactions.RewindCreation;
import dev.shiplog.api.transactions.TransactionCreation;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.MadeObjects;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.seal.Sealing;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The API server as a part of a Quarkus application: makes its topics, reads its state, and serves
 * once it can. It starts with the application, before anything listens, and a start that fails ends
 * the application.
 *
 * <p>Here it is put together, begins and ends, each on one thread; what its parts do, and on which
 * threads, is said in their own places.
 */
@ApplicationScoped
public class ApiRuntime {

  private static final long START_SECONDS = 60;

  /** Commands are prepared side by side on them; a commit under way holds none. */
  private static final int WORKERS = 4;

  private static final Duration SHUTDOWN_DELAY = Duration.ofSeconds(2);

  /** How often files that may change are looked at. */
  private static final long LOOK_EVERY_MS = 10_000;

  private final ApiConfig config;
  private final ApiEnvironment environment;
  private final Health health = health();
  private final Sealing sealing;
  private final JournalStore store;
  private final RemoteClients remotes;
  private final CustomResources catalogue;
  private final ExtensionApis extensions;
  private final AvailabilityProbe probe;
  private final Authorization authorization;
  private final Identification identification;
  private final AuditTrail audit;
  private final Projector projector;
  private final Verbs verbs;
  private final OwnWrites writes;
  private final Announcement announcement;
  private final ExecutorService workers;
  private final CommandIntake intake;
  private final LeaderTasks leaderTasks;
  private final Optional<Peers> peers;
  private final ApiServer server;
  private volatile boolean serving;
  private volatile BooleanSupplier listening = () -> true;
  private volatile boolean leaving;

  ApiRuntime(
      TopicLog log,
      FaultHandler faults,
      TopicsConfig topics,
      KafkaConfig kafka,
      ApiConfig config,
      AdmissionConfig admission,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.ssl-port", defaultValue = "6443") int port)
      throws IOException {
    ConnectionPatience.waitFor(config.firstRequestTimeout(), config.idleTimeout());
    InstantSource clock = InstantSource.system();
    ThreadFactory threads = Thread.ofPlatform().daemon().name("shiplog-", 0).factory();
    this.config = config;
    environment =
        new ApiEnvironment(config, admission, topics, kafka, log, faults, vertx, clock, threads);
    Registry registry = new Registry();
    sealing = SealingChoice.of(config, ApiEnvironment.BUILT_IN);
    store = StoreFactory.store(environment, registry, sealing, ApiRuntime::random);
    remotes = new RemoteClients(vertx, proxyIdentity());
    Webhooks webhooks = new Webhooks(remotes);
    catalogue = new CustomResources(ApiEnvironment.BUILT_IN, store::current, webhooks);
    extensions = new ExtensionApis(store::current);
    AuditPolicy policy = auditPolicy(config);
    audit = new AuditTrail(policy, log::openWriter, environment.names(), config.serverId(), clock);
    projector = projector(policy);
    store.addListener(projector);
    authorization = new Authorization(config, store, vertx, clock);
    Authorizer authorizer = authorization.authorizer();
    identification = new Identification(config, store, vertx, clock);
    verbs = verbs(registry, authorizer, new HttpsCaller(webhooks));
    writes = new OwnWrites(verbs, ApiEnvironment.BUILT_IN, clock);
    announcement = new Announcement(environment, port, writes, store);
    workers = Executors.newFixedThreadPool(WORKERS, threads);
    intake = intake(authorizer);
    store.addListener(intake);
    probe = new AvailabilityProbe(extensions, store, webhooks, clock, threads);
    vertx.setPeriodic(LOOK_EVERY_MS, timer -> workers.execute(identification::look));
    peers = Peers.of(environment, store, registry, workers);
    leaderTasks =
        new LeaderTasks(
            environment,
            new LeaderTasks.Parts(
                store, verbs, catalogue, extensions, webhooks, authorizer, workers));
    server = server(authorizer);
  }

  private ApiServer server(Authorizer authorizer) {
    return new ApiServer(
        new ApiServer.Parts(
            environment.vertx(),
            catalogue,
            store,
            verbs,
            new ChangeReads(store, store::changes, authorizer, sealing),
            identification.authentication(),
            authorizer,
            identification.documents(),
            health,
            () -> serving,
            extensions,
            remotes,
            environment.clock(),
            workers,
            new FlowControl(
                store::current,
                config.maxRequestsInFlight().orElseGet(ApiRuntime::seats),
                ProcessMetrics.here().registry()),
            new ApiServer.Bounds(
                config.requestTimeout(),
                config.bodyTimeout(),
                config.maxWatchesPerUser(),
                config.maxStreamsPerUser()),
            audit,
            config.kubeletClientCert(),
            config.kubeletClientKey(),
            config.kubeletCaFile().or(config::clientCaFile)));
  }

  private static AuditPolicy auditPolicy(ApiConfig config) throws IOException {
    return config.auditPolicyFile().isPresent()
        ? AuditPolicy.read(config.auditPolicyFile().get())
        : AuditPolicy.standard();
  }

  void route(@Observes Router router) {
    // Whatever comes holds its connection; what fails before it comes to its place is answered
    // here all the same, and fills no log.
    router
        .route()
        .order(Integer.MIN_VALUE)
        .handler(context -> {
          ConnectionPatience.begin(context.request());
          context.next();
        })
        .failureHandler(
            context -> server.refuse(context.request(), context.statusCode(), context.failure()));
    peers.ifPresent(others -> others.route(router));
    router.route().last().handler(context -> server.handle(context.request()));
  }

  /**
   * Quarkus listens with several event loops, one after the other: until all of them do, some
   * connections are reset.
   */
  void startInQuarkus(@Observes StartupEvent event) throws Exception {
    Supplier<Application> quarkus = Application::currentApplication;
    listening = () -> quarkus.get() != null && quarkus.get().isStarted();
    start();
  }

  /** Returns when it may serve; that somebody listens is up to the caller. */
  void start() throws Exception {
    environment.log().ensureTopics(environment.topicCatalogue().all(ApiEnvironment.stored()));
    store.start();
    projector.measure(ProcessMetrics.here().registry(), () -> store.applied().offset());
    authorization.follow(workers);
    new DefaultObjects(writes)
        .ensure(announcement.reach(), ClusterInfo.of(config, environment.topics()))
        .thenCompose(made -> writes.put(ExtensionTrust.configMap(config)))
        .thenCompose(made -> new DefaultRoles(writes, store).ensure())
        .get(START_SECONDS, TimeUnit.SECONDS);
    announcement.start(START_SECONDS);
    serving = true;
    probe.start();
  }

  /** Quarkus says so, and waits, before it stops anything. */
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    if (!serving) {
      return;
    }
    leaving = true;
    Duration delay =
        config.shutdownDelay().orElse(peers.isPresent() ? SHUTDOWN_DELAY : Duration.ZERO);
    new Departure(announcement, server, store, delay).take();
    serving = false;
  }

  @PreDestroy
  void stop() {
    if (serving) {
      // Not told before, as in a test.
      announcement.close();
    }
    serving = false;
    probe.close();
    server.close();
    remotes.close();
    authorization.close();
    identification.close();
    intake.close();
    leaderTasks.close();
    projector.close();
    audit.close();
    store.close();
    peers.ifPresent(Peers::close);
    workers.shutdownNow();
  }

  private Projector projector(AuditPolicy policy) {
    return new Projector(
        environment.log(),
        environment.names(),
        ProjectionSettings.STANDARD.with(
            environment.topics().assignmentPartitions(), config.history(), policy),
        environment.clock(),
        environment.faults(),
        environment.threads());
  }

  /** What this server shows others to be believed whom it speaks for. */
  private Optional<RemoteClients.Identity> proxyIdentity() {
    return config
        .kubeletClientCert()
        .flatMap(
            file -> config.kubeletClientKey().map(key -> new RemoteClients.Identity(file, key)));
  }

  private CommandIntake intake(Authorizer authorizer) {
    return new CommandIntake(
        environment.log(),
        environment.names(),
        store,
        () -> store.applied().ledger(),
        new VerbCommandExecutor(catalogue, store, verbs, authorizer, environment.clock(), workers),
        IntakeSettings.STANDARD,
        new CommandIntake.Environment(
            environment.clock(), workers, environment.threads(), environment.faults()));
  }

  private Verbs verbs(Registry registry, Authorizer authorizer, HttpsCaller webhooks)
      throws IOException {
    Parts parts =
        new Parts(
            store,
            registry,
            new ObjectForms(ApiEnvironment.BUILT_IN),
            AdmissionPlugins.admission(
                environment.admission(),
                new AdmissionPlugins.Surroundings(
                    store,
                    authorizer,
                    catalogue,
                    webhooks,
                    identification.secretTokens(),
                    authorization.escalationCheck(),
                    ApiRuntime::random,
                    environment.clock())),
            new Identities(environment.clock(), ThreadLocalRandom::current));
    return new Verbs(
            parts,
            store,
            identification.authentication(),
            authorizer,
            identification.tokens(),
            environment.clock(),
            Map.of(
                "transactions", new TransactionCreation(parts, catalogue, authorizer),
                "rewinds",
                    new RewindCreation(parts, store::changes, catalogue, authorizer, sealing)))
        .serving("componentstatuses", new MadeObjects(health::components));
  }

  private Health health() {
    return new Health()
        .alive("ping", () -> true)
        .alive("journal-loop", () -> store.isTurning())
        .ready("journal", () -> serving)
        .ready("listening", () -> listening.getAsBoolean())
        .ready("shutdown", () -> !leaving);
  }

  /** More at a time would only make each of them slower: nearly all they do is computing. */
  private static int seats() {
    return Math.min(600, 32 * Runtime.getRuntime().availableProcessors());
  }

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }
}
