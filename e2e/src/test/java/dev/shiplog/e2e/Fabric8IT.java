package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client that most operators on the JVM are written with. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fabric8IT {

  private static final String NAMESPACE = "fabric8";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KubernetesClient client;

  Fabric8IT(Kubectl kubectl) throws IOException {
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(kubectl.kubeconfig())))
            .build();
  }

  @BeforeAll
  void makeNamespace() {
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
  }

  @AfterAll
  void removeNamespace() {
    client.namespaces().withName(NAMESPACE).delete();
    client.close();
  }

  @Test
  void objectsAreCreatedReadEditedReplacedAndDeleted() {
    ConfigMap made = client.resource(map("typed", Map.of("a", "1"))).create();
    assertThat(made.getMetadata().getUid()).isNotEmpty();
    ConfigMap edited =
        maps().withName("typed").edit(m -> new ConfigMapBuilder(m).addToData("b", "2").build());
    assertThat(edited.getData()).containsEntry("b", "2");
    ConfigMap patched =
        maps()
            .withName("typed")
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"a\":null}}");
    assertThat(patched.getData()).containsOnlyKeys("b");
    ConfigMap stale = new ConfigMapBuilder(made).addToData("c", "3").build();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> client.resource(stale).lockResourceVersion().update())
        .satisfies(refused -> assertThat(refused.getCode()).isEqualTo(409));
    assertThat(maps().withName("typed").delete()).hasSize(1);
    assertThat(maps().withName("typed").get()).isNull();
  }

  @Test
  void listsComeInPagesAndBySelector() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ConfigMap one = map("page-" + i, Map.of());
      one.getMetadata().setLabels(Map.of("paged", i % 2 == 0 ? "even" : "odd"));
      client.resource(one).create();
    }
    String next = null;
    do {
      ConfigMapList page =
          maps()
              .withLabel("paged")
              .list(new ListOptionsBuilder().withLimit(2L).withContinue(next).build());
      page.getItems().forEach(item -> names.add(item.getMetadata().getName()));
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    assertThat(names).containsExactly("page-0", "page-1", "page-2", "page-3", "page-4");
    assertThat(maps().withLabelIn("paged", "odd", "none").list().getItems()).hasSize(2);
    assertThat(maps().withField("metadata.name", "page-3").list().getItems()).hasSize(1);
  }

  @Test
  void whatHasNoModelIsReadAndWrittenAllTheSame() {
    GenericKubernetesResource made =
        client
            .genericKubernetesResources("v1", "ConfigMap")
            .inNamespace(NAMESPACE)
            .load(
                new java.io.ByteArrayInputStream(
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"any\"},\"data\":{\"a\":\"1\"}}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .create();
    assertThat((Map<?, ?>) made.get("data")).hasSize(1);
    assertThat(
            client
                .genericKubernetesResources("v1", "ConfigMap")
                .inNamespace(NAMESPACE)
                .withName("any")
                .get()
                .getMetadata()
                .getUid())
        .isEqualTo(made.getMetadata().getUid());
  }

  @Test
  void aWatchTellsOfEveryChange() throws InterruptedException {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Watch watch = maps().withName("watched").watch(into(seen))) {
      assertThat(watch).isNotNull();
      client.resource(map("watched", Map.of("a", "1"))).create();
      maps().withName("watched").edit(m -> new ConfigMapBuilder(m).addToData("a", "2").build());
      maps().withName("watched").delete();
      assertThat(next(seen)).isEqualTo("ADDED 1");
      assertThat(next(seen)).isEqualTo("MODIFIED 2");
      assertThat(next(seen)).isEqualTo("DELETED 2");
    }
  }

  @Test
  void anInformersCacheFollows() {
    client.resource(map("informed-before", Map.of("a", "1"))).create();
    try (SharedIndexInformer<ConfigMap> informer = maps().runnableInformer(0)) {
      informer.start().toCompletableFuture().join();
      String key = NAMESPACE + "/informed";
      assertThat(informer.getStore().getByKey(key + "-before")).isNotNull();
      client.resource(map("informed", Map.of("a", "1"))).create();
      Awaitility.await().atMost(PATIENCE).until(() -> informer.getStore().getByKey(key) != null);
      maps().withName("informed").delete();
      Awaitility.await().atMost(PATIENCE).until(() -> informer.getStore().getByKey(key) == null);
    }
  }

  @Test
  void applyingOnTheServerOwnsFields() {
    ConfigMap first = map("applied", Map.of("a", "1"));
    ConfigMap second = map("applied", Map.of("a", "2"));
    client.resource(first).fieldManager("one").serverSideApply();
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> client.resource(second).fieldManager("two").serverSideApply())
        .satisfies(refused -> {
          assertThat(refused.getCode()).isEqualTo(409);
          assertThat(refused.getStatus().getDetails().getCauses().getFirst().getField())
              .isEqualTo(".data.a");
        });
    ConfigMap forced =
        client.resource(second).fieldManager("two").forceConflicts().serverSideApply();
    assertThat(forced.getData()).containsEntry("a", "2");
  }

  @Test
  void aDeploymentIsScaledAndWaitedFor() {
    Deployment made =
        client.apps().deployments().load(Fabric8IT.class.getResource("/deployment.yaml")).item();
    client.resource(made).inNamespace(NAMESPACE).create();
    var deployment = client.apps().deployments().inNamespace(NAMESPACE).withName("plain");
    deployment.scale(2);
    deployment.waitUntilCondition(
        d ->
            d != null
                && d.getStatus() != null
                && Integer.valueOf(2).equals(d.getStatus().getReadyReplicas()),
        PATIENCE.toSeconds(),
        TimeUnit.SECONDS);
    assertThat(client.pods().inNamespace(NAMESPACE).withLabel("app", "plain").list().getItems())
        .hasSize(2);
  }

  @Test
  void oneOfTwoCandidatesLeadsAndTheOtherFollowsIt() {
    BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
    CompletableFuture<?> first = candidate("first", leaders);
    Awaitility.await().atMost(PATIENCE).until(() -> leaders.contains("first"));
    CompletableFuture<?> second = candidate("second", leaders);
    first.cancel(true);
    Awaitility.await().atMost(PATIENCE).until(() -> leaders.contains("second"));
    second.cancel(true);
  }

  private CompletableFuture<?> candidate(String name, BlockingQueue<String> leaders) {
    return client
        .leaderElector()
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName(name)
                .withLock(new LeaseLock(NAMESPACE, "election", name))
                .withLeaseDuration(Duration.ofSeconds(5))
                .withRenewDeadline(Duration.ofSeconds(4))
                .withRetryPeriod(Duration.ofMillis(500))
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                    new LeaderCallbacks(() -> leaders.add(name), () -> {}, leader -> {}))
                .build())
        .build()
        .start();
  }

  private static Watcher<ConfigMap> into(BlockingQueue<String> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, ConfigMap map) {
        seen.add(action + " " + map.getData().get("a"));
      }

      @Override
      public void onClose(WatcherException cause) {
        seen.add("closed: " + cause);
      }
    };
  }

  private static String next(BlockingQueue<String> seen) throws InterruptedException {
    return seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private io.fabric8.kubernetes.client.dsl.NonNamespaceOperation<
          ConfigMap, ConfigMapList, io.fabric8.kubernetes.client.dsl.Resource<ConfigMap>>
      maps() {
    return client.configMaps().inNamespace(NAMESPACE);
  }

  private static ConfigMap map(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(NAMESPACE)
        .endMetadata()
        .withData(data)
        .build();
  }
}
