package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.ClientCertificates;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.access.SigningKey;
import dev.shiplog.api.access.SimpleAuthorizer;
import dev.shiplog.api.access.TokenFile;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.DefaultTolerationSeconds;
import dev.shiplog.api.admission.NamespaceLifecycle;
import dev.shiplog.api.admission.PriorityAdmission;
import dev.shiplog.api.admission.ServiceAccountAdmission;
import dev.shiplog.api.commands.CommandIntake;
import dev.shiplog.api.commands.IntakeSettings;
import dev.shiplog.api.commands.VerbCommandExecutor;
import dev.shiplog.api.http.ApiServer;
import dev.shiplog.api.http.Health;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.projection.ProjectionSettings;
import dev.shiplog.api.projection.Projector;
import dev.shiplog.api.registry.AddressRange;
import dev.shiplog.api.registry.ClusterIpRule;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.registry.NodePortRule;
import dev.shiplog.api.registry.PortRange;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.fault.FaultHandler;
import dev.shiplog.topics.log.TopicLog;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The API server as a part of a Quarkus application: makes its topics, reads its state, and serves
 * once it can. It starts with the application, before anything listens, and a start that fails ends
 * the application.
 */
@ApplicationScoped
public class ApiRuntime {

  private static final long START_SECONDS = 60;

  /** Commands are prepared side by side on them; a commit under way holds none. */
  private static final int WORKERS = 4;

  private static final ResourceCatalogue CATALOGUE = ResourceCatalogue.builtIn();

  private final InstantSource clock = InstantSource.system();
  private final ThreadFactory threads = Thread.ofPlatform().daemon().name("shiplog-", 0).factory();
  private final TopicLog log;
  private final FaultHandler faults;
  private final TopicNames names;
  private final TopicsConfig topics;
  private final KafkaConfig kafka;
  private final ApiConfig config;
  private final int port;
  private final JournalStore store;
  private final Projector projector;
  private final Verbs verbs;
  private final ApiServer server;
  private final ExecutorService workers;
  private final CommandIntake intake;
  private volatile boolean serving;

  ApiRuntime(
      TopicLog log,
      FaultHandler faults,
      TopicsConfig topics,
      KafkaConfig kafka,
      ApiConfig config,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.ssl-port", defaultValue = "6443") int port)
      throws IOException {
    this.log = log;
    this.faults = faults;
    this.topics = topics;
    this.kafka = kafka;
    this.config = config;
    this.port = port;
    this.names = new TopicNames(topics.prefix());
    Registry registry = new Registry();
    store = store(registry);
    projector = projector();
    store.addListener(projector);
    Authorizer authorizer = new SimpleAuthorizer();
    ServiceAccountTokens tokens = new ServiceAccountTokens(signingKey(), clock, store::current);
    Authentication authentication = authentication(tokens);
    verbs = verbs(registry, authentication, authorizer, tokens);
    workers = Executors.newFixedThreadPool(WORKERS, threads);
    intake = intake(authorizer);
    store.addListener(intake);
    server =
        new ApiServer(
            new ApiServer.Parts(
                vertx,
                () -> CATALOGUE,
                store,
                verbs,
                authentication,
                authorizer,
                health(),
                () -> serving,
                clock,
                workers,
                config.kubeletClientCert(),
                config.kubeletClientKey(),
                config.kubeletCaFile().or(config::clientCaFile)));
  }

  void route(@Observes Router router) {
    router.route().last().handler(context -> server.handle(context.request()));
  }

  void start(@Observes StartupEvent event) throws Exception {
    log.ensureTopics(topicCatalogue().all(stored()));
    store.start();
    new DefaultObjects(verbs, CATALOGUE, clock)
        .ensure(reach())
        .get(START_SECONDS, TimeUnit.SECONDS);
    serving = true;
  }

  @PreDestroy
  void stop() {
    serving = false;
    server.close();
    intake.close();
    projector.close();
    store.close();
    workers.shutdownNow();
  }

  private JournalStore store(Registry registry) {
    List<CommitRule> rules =
        List.of(
            new NamespaceRule(),
            new ClusterIpRule(AddressRange.parse(config.serviceCidr()), ApiRuntime::random),
            new NodePortRule(PortRange.parse(config.nodePortRange()), ApiRuntime::random));
    return new JournalStore(
        JournalSettings.alone(config.serverId()),
        new JournalEnvironment(
            log, names, clock, System::nanoTime, RandomGenerator.getDefault(), faults, threads),
        new StoredResources(stored(), registry.fields(), rules));
  }

  private Projector projector() {
    ProjectionSettings standard = ProjectionSettings.STANDARD;
    return new Projector(
        log,
        names,
        new ProjectionSettings(
            topics.assignmentPartitions(),
            standard.batchEntries(),
            standard.idleCheckpointEvery(),
            standard.retryAfter()),
        clock,
        faults,
        threads);
  }

  private CommandIntake intake(Authorizer authorizer) {
    return new CommandIntake(
        log,
        names,
        store,
        () -> store.applied().ledger(),
        new VerbCommandExecutor(() -> CATALOGUE, store, verbs, authorizer, clock, workers),
        IntakeSettings.STANDARD,
        new CommandIntake.Environment(clock, workers, threads, faults));
  }

  private Verbs verbs(
      Registry registry,
      Authentication authentication,
      Authorizer authorizer,
      ServiceAccountTokens tokens) {
    Admission admission =
        new Admission(
            List.of(
                new NamespaceLifecycle(),
                new ServiceAccountAdmission(store),
                new DefaultTolerationSeconds(),
                new PriorityAdmission()));
    Parts parts =
        new Parts(
            store,
            registry,
            new ObjectForms(CATALOGUE),
            admission,
            new Identities(clock, ThreadLocalRandom::current));
    return new Verbs(parts, authentication, authorizer, tokens, clock);
  }

  private Authentication authentication(ServiceAccountTokens tokens) throws IOException {
    List<Authenticator> ways = new ArrayList<>();
    if (config.clientCaFile().isPresent()) {
      ways.add(ClientCertificates.fromPem(config.clientCaFile().get(), clock));
    }
    if (config.tokenFile().isPresent()) {
      ways.add(TokenFile.read(config.tokenFile().get()));
    }
    ways.add(tokens);
    return new Authentication(ways);
  }

  private SigningKey signingKey() throws IOException {
    if (config.serviceAccountKeyFile().isPresent()) {
      return SigningKey.read(config.serviceAccountKeyFile().get());
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      return SigningKey.of(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK can make an EC key", e);
    }
  }

  private Health health() {
    return new Health().alive("ping", () -> true).ready("journal", () -> serving);
  }

  private TopicCatalogue topicCatalogue() {
    return new TopicCatalogue(names, kafka.replicationFactor(), topics.assignmentPartitions());
  }

  private DefaultObjects.Reach reach() {
    return new DefaultObjects.Reach(
        AddressRange.parse(config.serviceCidr()).address(0),
        config.advertiseAddress().or(OwnAddress::find),
        port);
  }

  private static List<StorageResource> stored() {
    return CATALOGUE.all().stream()
        .map(ResourceType::storage)
        .flatMap(java.util.Optional::stream)
        .distinct()
        .toList();
  }

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }
}
