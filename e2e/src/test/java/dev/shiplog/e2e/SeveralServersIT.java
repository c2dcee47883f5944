package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.e2e.consistency.ApiServer;
import dev.shiplog.e2e.consistency.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two API servers on one Kafka are one cluster, whatever happens to the one that leads. Kafka is
 * the embedded one of a third process, which serves a cluster of another topic prefix.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SeveralServersIT {

  private static final String NO_PARTS = "controllers,scheduler,agent";
  private static final long SEED = 77;
  private static final int WRITERS = 4;
  private static final String MAPS = "shiplog.store.configmaps";
  private static final String PODS = "shiplog.store.pods";
  private static final String ASSIGNMENTS = "shiplog.assignments";
  private static final String AUDIT = "shiplog.audit";

  /** What the extension server says to everything. */
  private static final String GAUGES =
      "{\"kind\":\"APIResourceList\",\"groupVersion\":\"gauges.example.com/v1\",\"resources\":"
          + "[{\"name\":\"gauges\",\"singularName\":\"gauge\",\"namespaced\":false,\"kind\":\"Gauge\","
          + "\"verbs\":[\"get\"]}]}";

  private Product kafka;
  private Product first;
  private Product second;
  private final List<String> maps = new ArrayList<>();
  private final List<String> pods = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path directory) {
    kafka =
        Product.on(directory.resolve("kafka"), "--topic-prefix", "other", "--without", NO_PARTS);
    kafka.up();
    first = server(directory.resolve("first"), directory.resolve("first").resolve("pki"));
    first.up();
    second = server(directory.resolve("second"), first.data().resolve("pki"));
    second.up();
    second.kubectl().ok("create serviceaccount default");
  }

  @AfterAll
  void stop() {
    for (Product product : new Product[] {second, first, kafka}) {
      if (product != null) {
        product.close();
      }
    }
  }

  @Test
  @Order(1)
  void aClientMayTalkToAnyOfThem() {
    first.kubectl().ok("create configmap one --from-literal=a=b");
    second.kubectl().ok("create configmap two --from-literal=a=b");
    second.kubectl().ok("delete configmap one");

    assertThat(first.kubectl().ok("get configmaps -o name")).isEqualTo("configmap/two");
    assertThat(second.kubectl().run("create configmap two").failed().err())
        .contains("already exists");
  }

  @Test
  @Order(1)
  void anExtensionServerIsReachedThroughAnyOfThem(@TempDir Path directory) throws Exception {
    try (WebhookProgram gauges = new WebhookProgram(directory, request -> GAUGES)) {
      second.kubectl().apply(served(gauges));
      for (Product server : List.of(first, second)) {
        server
            .kubectl()
            .ok("wait --for=condition=Available --timeout=30s apiservice/v1.gauges.example.com");
        assertThat(server.kubectl().ok("get --raw /apis/gauges.example.com/v1/gauges/any"))
            .contains("\"gauges\"");
      }
    }
    second.kubectl().ok("delete apiservice/v1.gauges.example.com service/gauges");
  }

  /** A server outside of the cluster, by the name of a Service. */
  private static String served(WebhookProgram program) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: gauges}
    spec: {type: ExternalName, externalName: localhost}
    ---
    apiVersion: apiregistration.k8s.io/v1
    kind: APIService
    metadata: {name: v1.gauges.example.com}
    spec:
      group: gauges.example.com
      version: v1
      groupPriorityMinimum: 100
      versionPriority: 10
      insecureSkipTLSVerify: true
      service: {namespace: default, name: gauges, port: %d}
    """
        .formatted(program.port());
  }

  /** The first one leads, and looks at them again when it begins to. */
  @Test
  @Order(1)
  void aLocalApiServiceThatIsDeletedStaysAwayWhileOneLeads() {
    Definitions.define(second.kubectl(), "first.example.com");
    second.kubectl().ok("wait --for=create --timeout=30s apiservice/v1.first.example.com");
    first.kubectl().ok("wait --for=create --timeout=30s apiservice/v1.apps");
    second.kubectl().ok("delete apiservice v1.apps");

    assertThat(first.kubectl().ok("get apiservices -o name")).doesNotContain("v1.apps");
  }

  @Test
  @Order(1)
  void aServerOfAnotherAuthorityIsToldSoAndDoesNotStart(@TempDir Path directory) {
    try (Product stranger = server(directory, directory.resolve("pki"))) {
      Run refused = stranger.tryUp().failed();

      assertThat(refused.err() + refused.out())
          .contains("do not trust each other")
          .contains("certificates of one authority");
    }
  }

  @Test
  @Order(2)
  void aLeaderThatIsPausedIsFollowedByAnotherAndFollowsIt() throws Exception {
    WriteLoad onFirst = WriteLoad.on(first, "paused-first", WRITERS);
    WriteLoad onSecond = WriteLoad.on(second, "paused-second", WRITERS);
    WriteLoad bound = WriteLoad.of(WriteLoad.What.PODS, second, "paused-pod", 2);
    onFirst.awaitAcknowledged(20);
    signal("STOP", first);
    onSecond.awaitAcknowledged(20);
    signal("CONT", first);
    onFirst.awaitAcknowledged(20);
    onSecond.awaitAcknowledged(20);
    onFirst.finish();
    onSecond.finish();
    bound.finish();
    maps.addAll(onFirst.acknowledged());
    maps.addAll(onSecond.acknowledged());
    pods.addAll(bound.acknowledged());

    assertThat(onFirst.others()).isEmpty();
    assertThat(onSecond.others()).isEmpty();
    assertThat(bound.others()).isEmpty();
    assertThat(bound.acknowledged()).isNotEmpty();
    localApiServicesAreKept();
    assertThat(names(first)).containsAll(onFirst.acknowledged());
    assertThat(names(first)).isEqualTo(names(second));
  }

  @Test
  @Order(3)
  void theClientsOfAFollowerNoticeNothingButAPauseWhenTheLeaderIsKilled() throws Exception {
    // The second one leads since the first one's pause.
    WriteLoad load = WriteLoad.on(first, "killed", WRITERS);
    WriteLoad bound = WriteLoad.of(WriteLoad.What.PODS, first, "killed-pod", 2);
    load.awaitAcknowledged(20);
    second.kill();
    load.awaitAcknowledged(50);
    load.finish();
    bound.finish();
    maps.addAll(load.acknowledged());
    pods.addAll(bound.acknowledged());
    System.out.printf("killed leader: no write for %d ms%n", load.longestPause().toMillis());

    assertThat(load.others()).isEmpty();
    assertThat(bound.others()).isEmpty();
    assertThat(names(first)).containsAll(load.acknowledged());
  }

  /** By whoever leads since: what was deleted is back, and a definition has its own as long. */
  private void localApiServicesAreKept() {
    first.kubectl().ok("wait --for=create --timeout=30s apiservice/v1.apps");
    first.kubectl().ok("wait --for=condition=Available --all --timeout=30s apiservices");
    Definitions.define(first.kubectl(), "second.example.com");
    first.kubectl().ok("wait --for=create --timeout=30s apiservice/v1.second.example.com");
    first.kubectl().ok("delete crd ships.first.example.com");
    first.kubectl().ok("wait --for=delete --timeout=30s apiservice/v1.first.example.com");
  }

  /** Clients go by readiness, as a load balancer does. */
  @Test
  @Order(4)
  void restartingOneServerAfterTheOtherUnderLoadFailsNoRequest() {
    second.up();
    try (ApiServer one = api(first);
        ApiServer other = api(second)) {
      Workload load = new Workload(List.of(one, other), SEED).careful();
      load.start(4, 2);
      for (Product restarted : List.of(first, second)) {
        load.awaitAcknowledged(30);
        restarted.down();
        load.awaitAcknowledged(30);
        restarted.up();
      }
      load.awaitAcknowledged(30);
      load.finishAndCheck(Path.of("target", "history-restarts.txt"));

      assertThat(load.failedReads()).as("failed reads").isEmpty();
      assertThat(load.unknownWrites()).as("writes of unknown outcome").isEmpty();
    }
  }

  @Test
  @Order(5)
  void readersOfTheProjectedTopicsAreGivenEachChangeOnceAndInOrderWhoeverLed() {
    try (ProjectedChanges projected =
        new ProjectedChanges(kafka.kafka(), MAPS, PODS, ASSIGNMENTS, AUDIT)) {
      projected.checkOnce(MAPS, keys("default/", maps));
      projected.checkOnce(PODS, keys("default/", pods));
      projected.checkOnce(ASSIGNMENTS, keys("node-1/default/", pods));
      projected.checkOnce(AUDIT, keys("configmaps/default/", maps));
      projected.checkOnce(AUDIT, keys("pods/default/", pods));
    }
  }

  private static List<String> keys(String before, List<String> names) {
    return names.stream().map(name -> before + name).toList();
  }

  private static ApiServer api(Product product) {
    return new ApiServer(
        product.server(), product.adminToken(), product.data().resolve("pki").resolve("ca.crt"));
  }

  @Test
  @Order(6)
  void afterAllThatEveryChangeHasItsAuditRecordAndNoRecordIsOfNothing() {
    assertThat(AuditCompleteness.check(kafka.kafka())).isGreaterThan(100);
  }

  private Product server(Path data, Path pki) {
    return Product.on(
        data,
        "--kafka",
        kafka.kafka(),
        "--replication",
        "1",
        "--pki",
        pki.toString(),
        "--without",
        NO_PARTS);
  }

  private static List<String> names(Product product) {
    String names = product.kubectl().ok("get configmaps -o jsonpath={.items[*].metadata.name}");
    return List.of(names.split(" "));
  }

  private static void signal(String name, Product product) {
    Run.of(
            List.of("kill", "-" + name, Long.toString(product.pid())),
            Map.of(),
            Duration.ofSeconds(10))
        .succeeded();
  }
}
