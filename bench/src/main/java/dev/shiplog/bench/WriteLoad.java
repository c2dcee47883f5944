package dev.shiplog.bench;

import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.AuthorizerChain;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Processor time that a write or read of a typical pod takes from its body to its answer: decoding,
 * defaults, owners, validation, commit on a log in memory. Without HTTP. Argument: how many of each
 * kind. Processor time is of the whole process, so it holds on a busy machine too.
 */
public final class WriteLoad {

  private static final StorageResource PODS = StorageResource.of("pods", "");

  @SuppressWarnings("InlineFormatString") // Longer than what uses it.
  private static final String POD =
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"web","tier":"front"},
      "annotations":{"note":"%s"}},"spec":{"containers":[{"name":"web","image":"nginx:1.29",
      "ports":[{"containerPort":80}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],
      "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"memory":"128Mi"}},
      "readinessProbe":{"httpGet":{"path":"/","port":80}},
      "volumeMounts":[{"name":"data","mountPath":"/data"}]}],
      "volumes":[{"name":"data","emptyDir":{}}]}}\
      """;

  private final Verbs verbs;
  private final ResourceType pods =
      ResourceCatalogue.builtIn().find("", "v1", "pods").orElseThrow();
  private final Caller caller;

  private WriteLoad(Verbs verbs, Caller caller) {
    this.verbs = verbs;
    this.caller = caller;
  }

  /** Runs every kind twice; the first time warms up. */
  public static void main(String[] arguments) throws Exception {
    int operations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    TopicNames names = new TopicNames("load");
    InMemoryTopicLog log = new InMemoryTopicLog(2L << 30);
    log.ensureTopics(new TopicCatalogue(names, 1, 1).all(List.of(PODS)));
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        JournalStore store = store(log, names)) {
      store.start();
      WriteLoad load = new WriteLoad(verbs(store), caller(executor));
      for (String round : List.of("warm-up", "measured")) {
        System.out.println(round);
        load.run("create", operations, i -> load.create(round + "-" + i));
        load.run("update", operations, i -> load.update(round + "-" + i));
        load.run("get", operations, i -> load.get(round + "-" + i));
      }
    }
  }

  private void run(String name, int operations, IntFunction<ApiRequest> request) {
    long before = processCpuNanos();
    long bytes = 0;
    for (int i = 0; i < operations; i++) {
      if (verbs.handle(request.apply(i)).join() instanceof Answer.Stored stored) {
        bytes += stored.object().bytes().length;
      }
    }
    System.out.printf(
        "%-8s processor %6.1f µs each, object %5d bytes%n",
        name, (processCpuNanos() - before) / 1e3 / operations, bytes / operations);
  }

  private ApiRequest create(String name) {
    return new ApiRequest.Create(target(""), caller, body(name, "new"), WriteOptions.DEFAULT);
  }

  private ApiRequest update(String name) {
    return new ApiRequest.Update(target(name), caller, body(name, "old"), WriteOptions.DEFAULT);
  }

  private ApiRequest get(String name) {
    return new ApiRequest.Get(target(name), caller, new ReadAt.Any());
  }

  private Target target(String name) {
    return new Target(pods, "", "default", name);
  }

  private static Body body(String name, String note) {
    return new Body(POD.formatted(name, note).getBytes(StandardCharsets.UTF_8), Syntax.JSON);
  }

  private static Verbs verbs(JournalStore store) {
    Identities identities = new Identities(InstantSource.system(), ThreadLocalRandom::current);
    Parts parts =
        new Parts(
            store,
            new Registry(),
            new ObjectForms(ResourceCatalogue.builtIn()),
            new Admission(List.of()),
            identities);
    return new Verbs(
        parts,
        store,
        new Authentication(List.of(), Authentication.Anonymous.NOBODY),
        AuthorizerChain.alwaysAllow(),
        null,
        InstantSource.system(),
        Map.of());
  }

  private static Caller caller(ExecutorService executor) {
    return new Caller(
        UserInfo.of("admin", "system:masters", "system:authenticated"),
        "0b6ea2f5-3bb1-4e1c-9b52-0a8a0c9f2f11",
        "/api/v1/namespaces/default/pods",
        List.of("127.0.0.1"),
        "load/1",
        0,
        Optional.empty(),
        executor);
  }

  private static JournalStore store(InMemoryTopicLog log, TopicNames names) {
    return new JournalStore(
        JournalSettings.alone("load"),
        new JournalEnvironment(
            log,
            names,
            InstantSource.system(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            (what, cause) -> {
              throw new IllegalStateException(what, cause);
            },
            Thread.ofPlatform().daemon()::unstarted),
        new StoredResources(List.of(PODS), new Registry().fields(), List.of()));
  }

  private static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
