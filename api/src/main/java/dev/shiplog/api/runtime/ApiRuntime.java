package dev.shiplog.api.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.ClientCertificates;
import dev.shiplog.api.admission.policy.PolicyCheckRun;
import dev.shiplog.api.admission.quota.QuotaRule;
import dev.shiplog.api.admission.webhook.HttpsCaller;
import dev.shiplog.api.aggregation.AvailabilityProbe;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.aggregation.LocalApiRun;
import dev.shiplog.api.audit.AuditPolicy;
import dev.shiplog.api.audit.AuditTrail;
import dev.shiplog.api.certificates.CertificateRun;
import dev.shiplog.api.certificates.CertificateSigner;
import dev.shiplog.api.certificates.RequestDecision;
import dev.shiplog.api.certificates.ServingNames;
import dev.shiplog.api.changes.ChangeReads;
import dev.shiplog.api.commands.CommandIntake;
import dev.shiplog.api.commands.IntakeSettings;
import dev.shiplog.api.commands.VerbCommandExecutor;
import dev.shiplog.api.definitions.CustomResourceRule;
import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.definitions.DefinitionRun;
import dev.shiplog.api.definitions.OwnerRun;
import dev.shiplog.api.expiry.EventExpiry;
import dev.shiplog.api.flow.FlowControl;
import dev.shiplog.api.http.ApiServer;
import dev.shiplog.api.http.ConnectionPatience;
import dev.shiplog.api.http.Health;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.namespaces.ExtensionFinalizer;
import dev.shiplog.api.namespaces.NamespaceRun;
import dev.shiplog.api.peers.PeerClient;
import dev.shiplog.api.peers.PeerEndpoint;
import dev.shiplog.api.peers.PeerIdentity;
import dev.shiplog.api.projection.ProjectionSettings;
import dev.shiplog.api.projection.Projector;
import dev.shiplog.api.registry.AddressRange;
import dev.shiplog.api.registry.ClusterIpRule;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.registry.NodePortRule;
import dev.shiplog.api.registry.NodeRoomRule;
import dev.shiplog.api.registry.PortRange;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.tokens.TokenRun;
import dev.shiplog.api.transactions.RewindCreation;
import dev.shiplog.api.transactions.TransactionCreation;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.MadeObjects;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.api.view.ObjectCodec;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.seal.Sealing;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The API server as a part of a Quarkus application: makes its topics, reads its state, and serves
 * once it can. It starts with the application, before anything listens, and a start that fails ends
 * the application.
 */
@ApplicationScoped
public class ApiRuntime {

  /** The usual place of the Service kube-dns in the range: 10.96.0.10. */
  private static final int DNS_SERVICE = 9;

  private static final long START_SECONDS = 60;

  /** Commands are prepared side by side on them; a commit under way holds none. */
  private static final int WORKERS = 4;

  private static final Duration SHUTDOWN_DELAY = Duration.ofSeconds(2);

  /** How often files that may change are looked at. */
  private static final long LOOK_EVERY_MS = 10_000;

  private static final ResourceCatalogue BUILT_IN = ResourceCatalogue.builtIn();

  private final InstantSource clock = InstantSource.system();
  private final Health health = health();
  private final ThreadFactory threads = Thread.ofPlatform().daemon().name("shiplog-", 0).factory();
  private final TopicLog log;
  private final FaultHandler faults;
  private final TopicNames names;
  private final TopicsConfig topics;
  private final KafkaConfig kafka;
  private final ApiConfig config;
  private final AdmissionConfig admission;
  private final HttpsCaller webhooks;
  private final int port;
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
  private final LeaderTask definitions;
  private final LeaderTask owners;
  private final LeaderTask expiry;
  private final Optional<LeaderTask> certificates;
  private final LeaderTask policies;
  private final LeaderTask localApis;
  private final LeaderTask tokens;
  private final LeaderTask namespaces;
  private final Verbs verbs;
  private final ApiServer server;
  private final ExecutorService workers;
  private final CommandIntake intake;
  private final Optional<Peers> peers;
  private final OwnWrites writes;
  private Optional<ServerPresence> presence = Optional.empty();
  private volatile boolean serving;
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
    this.log = log;
    this.faults = faults;
    this.topics = topics;
    this.kafka = kafka;
    this.config = config;
    this.admission = admission;
    this.port = port;
    this.names = new TopicNames(topics.prefix());
    Registry registry = new Registry();
    sealing = SealingChoice.of(config, BUILT_IN);
    store = store(registry);
    remotes = new RemoteClients(vertx, proxyIdentity());
    webhooks = new HttpsCaller(new Webhooks(remotes));
    catalogue = new CustomResources(BUILT_IN, store::current, new Webhooks(remotes));
    extensions = new ExtensionApis(store::current);
    AuditPolicy policy = auditPolicy(config);
    audit = new AuditTrail(policy, log::openWriter, names, config.serverId(), clock);
    projector = projector(policy);
    store.addListener(projector);
    authorization = new Authorization(config, store, vertx, clock);
    Authorizer authorizer = authorization.authorizer();
    identification = new Identification(config, store, vertx, clock);
    verbs = verbs(registry, authorizer);
    writes = new OwnWrites(verbs, BUILT_IN, clock);
    workers = Executors.newFixedThreadPool(WORKERS, threads);
    intake = intake(authorizer);
    store.addListener(intake);
    probe = new AvailabilityProbe(extensions, store, new Webhooks(remotes), clock, threads);
    vertx.setPeriodic(LOOK_EVERY_MS, timer -> workers.execute(identification::look));
    definitions = leaderTask("looking after custom resources", DefinitionRun::new);
    store.addListener(definitions);
    peers =
        config.peerAddress().isPresent() ? Optional.of(peers(vertx, registry)) : Optional.empty();
    peers.ifPresent(others -> store.setForwarder(others.client()));
    owners = leaderTask("collecting what custom resources owned", OwnerRun::new);
    store.addListener(owners);
    expiry =
        leaderTask(
            "letting Events go",
            with -> new EventExpiry(with.store(), with.clock(), with.workers()));
    store.addListener(expiry);
    certificates = certificates(authorizer);
    certificates.ifPresent(store::addListener);
    policies =
        leaderTask(
            "checking admission policies",
            with -> new PolicyCheckRun(with.store(), with.catalogue(), with.clock()));
    store.addListener(policies);
    localApis =
        leaderTask(
            "keeping local APIServices",
            with -> new LocalApiRun(with.store(), with.catalogue(), with.clock()));
    store.addListener(localApis);
    tokens = leaderTask("looking after tokens", TokenRun::new);
    store.addListener(tokens);
    namespaces =
        leaderTask(
            "looking after ending namespaces",
            with ->
                new NamespaceRun(with.store(), extensions, new Webhooks(remotes), with.clock()));
    store.addListener(namespaces);
    server = server(vertx, authorizer);
  }

  private ApiServer server(Vertx vertx, Authorizer authorizer) {
    return new ApiServer(
        new ApiServer.Parts(
            vertx,
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
            clock,
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
    peers.ifPresent(others ->
        router
            .post(PeerEndpoint.PATH)
            .handler(context -> others.endpoint().handle(context.request())));
    peers.ifPresent(others ->
        router
            .get(PeerEndpoint.PRESENCE_PATH)
            .handler(context -> others.endpoint().stay(context.request())));
    router.route().last().handler(context -> server.handle(context.request()));
  }

  void start(@Observes StartupEvent event) throws Exception {
    log.ensureTopics(topicCatalogue().all(stored()));
    store.start();
    projector.measure(ProcessMetrics.here().registry(), () -> store.applied().offset());
    authorization.follow(workers);
    new DefaultObjects(writes)
        .ensure(reach(), ClusterInfo.of(config, topics))
        .thenCompose(made -> writes.put(ExtensionTrust.configMap(config)))
        .thenCompose(made -> new DefaultRoles(writes, store).ensure())
        .get(START_SECONDS, TimeUnit.SECONDS);
    announce();
    serving = true;
    probe.start();
  }

  /** Among others this server shows that it lives; alone, it is known to for as long as it does. */
  private void announce() throws Exception {
    Optional<KubernetesService.Place> place =
        reach().address().map(ip -> new KubernetesService.Place(ip, port));
    if (peers.isPresent()) {
      presence =
          Optional.of(
              new ServerPresence(config.serverId(), place, writes, store::current, clock, threads));
      presence.get().start();
    } else if (place.isPresent()) {
      for (ObjectNode object : KubernetesService.leadingTo(List.of(place.get()))) {
        writes.put(object).get(START_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /** Quarkus says so, and waits, before it stops anything. */
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    if (!serving) {
      return;
    }
    leaving = true;
    Duration delay =
        config.shutdownDelay().orElse(peers.isPresent() ? SHUTDOWN_DELAY : Duration.ZERO);
    new Departure(presence, server, store, delay).take();
    serving = false;
  }

  @PreDestroy
  void stop() {
    if (serving) {
      // Not told before, as in a test.
      presence.ifPresent(ServerPresence::close);
    }
    serving = false;
    probe.close();
    server.close();
    remotes.close();
    authorization.close();
    identification.close();
    intake.close();
    expiry.close();
    certificates.ifPresent(LeaderTask::close);
    policies.close();
    localApis.close();
    tokens.close();
    namespaces.close();
    owners.close();
    definitions.close();
    projector.close();
    audit.close();
    store.close();
    peers.ifPresent(others -> others.client().close());
    workers.shutdownNow();
  }

  private JournalStore store(Registry registry) {
    List<CommitRule> rules = new ArrayList<>();
    rules.add(new NamespaceRule());
    rules.add(new CustomResourceRule());
    rules.add(new ExtensionFinalizer());
    rules.add(new ClusterIpRule(AddressRange.parse(config.serviceCidr()), ApiRuntime::random));
    rules.add(new NodeRoomRule());
    rules.add(new NodePortRule(PortRange.parse(config.nodePortRange()), ApiRuntime::random));
    if (AdmissionPlugins.choice(admission).includes(QuotaRule.NAME)) {
      rules.add(new QuotaRule());
    }
    return new JournalStore(
        settings(),
        new JournalEnvironment(
            log,
            names,
            clock,
            System::nanoTime,
            RandomGenerator.getDefault(),
            faults,
            threads,
            ProcessMetrics.here().registry()),
        new StoredResources(stored(), CustomResources::stored, registry.fields(), rules, sealing));
  }

  private JournalSettings settings() {
    return config
        .peerAddress()
        .map(address ->
            JournalSettings.oneOfMany(config.serverId(), address, kafka.replicationFactor() > 1)
                .timed(config.heartbeatInterval(), config.claimTimeout()))
        .orElseGet(() -> JournalSettings.alone(config.serverId()));
  }

  private Projector projector(AuditPolicy policy) {
    return new Projector(
        log,
        names,
        ProjectionSettings.STANDARD.with(topics.assignmentPartitions(), config.history(), policy),
        clock,
        faults,
        threads);
  }

  private LeaderTask leaderTask(
      String name, Function<DefinitionRun.Environment, LeaderTask.Run> run) {
    DefinitionRun.Environment environment =
        new DefinitionRun.Environment(
            store, verbs, catalogue, log, topicCatalogue(), clock, workers);
    return new LeaderTask(
        name,
        () -> run.apply(environment),
        ProjectionSettings.STANDARD.retryAfter(),
        faults,
        threads);
  }

  /** Signs certificates, where the authority's key is given. */
  private Optional<LeaderTask> certificates(Authorizer authorizer) throws IOException {
    if (config.clusterSigningCertFile().isEmpty() || config.clusterSigningKeyFile().isEmpty()) {
      return Optional.empty();
    }
    CertificateSigner signer =
        CertificateSigner.read(
            config.clusterSigningCertFile().get(),
            config.clusterSigningKeyFile().get(),
            new SecureRandom());
    RequestDecision decision =
        new RequestDecision(signer, authorizer, new ServingNames(store::current));
    return Optional.of(
        new LeaderTask(
            "signing certificates",
            () -> new CertificateRun(store, decision, clock),
            ProjectionSettings.STANDARD.retryAfter(),
            faults,
            threads));
  }

  /** How this server speaks to others. */
  private record Peers(PeerClient client, PeerEndpoint endpoint) {}

  private Peers peers(Vertx vertx, Registry registry) throws IOException {
    Path authority = needed(config.clientCaFile(), "client-ca-file");
    ObjectCodec codec = new ObjectCodec(registry.fields(), List.of());
    return new Peers(
        new PeerClient(
            vertx,
            new PeerIdentity(
                needed(config.peerCert(), "peer-cert"),
                needed(config.peerKey(), "peer-key"),
                authority),
            workers,
            (key, bytes) -> codec.decode(key, key.text(), bytes)),
        new PeerEndpoint(store, ClientCertificates.fromPem(authority, clock), workers));
  }

  /** What this server shows others to be believed whom it speaks for. */
  private Optional<RemoteClients.Identity> proxyIdentity() {
    return config
        .kubeletClientCert()
        .flatMap(
            file -> config.kubeletClientKey().map(key -> new RemoteClients.Identity(file, key)));
  }

  private static Path needed(Optional<Path> file, String setting) {
    return file.orElseThrow(() ->
        new IllegalStateException(
            "shiplog.api."
                + setting
                + " is not set, but with shiplog.api.peer-address it must be"));
  }

  private CommandIntake intake(Authorizer authorizer) {
    return new CommandIntake(
        log,
        names,
        store,
        () -> store.applied().ledger(),
        new VerbCommandExecutor(catalogue, store, verbs, authorizer, clock, workers),
        IntakeSettings.STANDARD,
        new CommandIntake.Environment(clock, workers, threads, faults));
  }

  private Verbs verbs(Registry registry, Authorizer authorizer) throws IOException {
    Parts parts =
        new Parts(
            store,
            registry,
            new ObjectForms(BUILT_IN),
            AdmissionPlugins.admission(
                admission,
                new AdmissionPlugins.Surroundings(
                    store,
                    authorizer,
                    catalogue,
                    webhooks,
                    identification.secretTokens(),
                    authorization.escalationCheck(),
                    ApiRuntime::random)),
            new Identities(clock, ThreadLocalRandom::current));
    return new Verbs(
            parts,
            store,
            identification.authentication(),
            authorizer,
            identification.tokens(),
            clock,
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
        .ready("shutdown", () -> !leaving);
  }

  private TopicCatalogue topicCatalogue() {
    return new TopicCatalogue(names, kafka.replicationFactor(), topics.assignmentPartitions());
  }

  private DefaultObjects.Reach reach() {
    return new DefaultObjects.Reach(
        AddressRange.parse(config.serviceCidr()).address(0),
        config.advertiseAddress().or(OwnAddress::find),
        port,
        AddressRange.parse(config.serviceCidr()).address(DNS_SERVICE),
        config.clusterDnsAddress());
  }

  private static List<StorageResource> stored() {
    return BUILT_IN.all().stream()
        .map(ResourceType::storage)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** More at a time would only make each of them slower: nearly all they do is computing. */
  private static int seats() {
    return Math.min(600, 32 * Runtime.getRuntime().availableProcessors());
  }

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }
}
