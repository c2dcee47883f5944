package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part in a process of its own, on a stock Kafka, told everything by a file of settings. */
final class PartsApartIT {

  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final int API_PORT = FreePort.next();

  @TempDir private static Path directory;
  private static KafkaCluster kafka;
  private static TraceCollector collector;
  private static Apart apart;
  private static PartProcess api;
  private static PartProcess first;
  private static PartProcess second;
  private static PartProcess scheduler;
  private static PartProcess agent;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws IOException {
    kafka = KafkaCluster.of(1, directory);
    collector = TraceCollector.start();
    apart = new Apart(directory, kafka.bootstrap(), collector.url(), API_PORT);
    kubectl = apart.prepare();
    first = PartProcess.start("controllers", apart.settings(), directory.resolve("controllers-1"));
    api = PartProcess.start("api-server", apart.settings(), directory.resolve("api-server"));
    first.awaitReady();
    second = PartProcess.start("controllers", apart.settings(), directory.resolve("controllers-2"));
    scheduler = PartProcess.start("scheduler", apart.settings(), directory.resolve("scheduler"));
    kubectl.await("get --raw /readyz", "ok");
    kubectl.apply(Apart.TOKEN);
    agent = PartProcess.start("agent", apart.settings(), directory.resolve("agent"));
  }

  @AfterAll
  static void stop() {
    for (PartProcess part : new PartProcess[] {agent, scheduler, second, first, api}) {
      if (part != null) {
        part.close();
      }
    }
    if (kafka != null) {
      kafka.close();
    }
    if (collector != null) {
      collector.close();
    }
  }

  @Test
  void aDeploymentIsOneTraceThroughAllProcesses() {
    kubectl.ok("create deployment traced --image=busybox");
    kubectl.await("get deployment traced -o jsonpath={.status.availableReplicas}", "1");

    String trace =
        kubectl.ok(
            "get changes --field-selector object.resource=deployments,object.name=traced"
                + " -o jsonpath={.items[0].request.traceID}");
    Awaitility.await("a step of every part")
        .atMost(BOUND)
        .untilAsserted(() ->
            assertThat(collector.of(trace))
                .extracting(TraceCollector.Step::name)
                .contains(
                    "create deployments",
                    "append to journal",
                    "project",
                    "deployment-controller",
                    "command create pods",
                    "schedule",
                    "command bind pods",
                    "start container",
                    "report status"));
  }

  @Test
  void aDeploymentBecomesAvailableAndStaysLookedAfterWhenTheActingControllersAreKilled() {
    kubectl.ok("create deployment web --image=busybox --replicas=2");
    kubectl.await("get deployment web -o jsonpath={.status.availableReplicas}", "2");
    second.awaitReady();
    PartProcess acting = first.isActing() ? first : second;
    PartProcess other = acting == first ? second : first;
    assertThat(other.isActing()).isFalse();

    acting.kill();
    long killed = System.nanoTime();
    kubectl.ok("scale deployment web --replicas=3");

    kubectl.await("get replicaset -l app=web -o jsonpath={.items[*].spec.replicas}", "3");
    System.out.printf(
        "from the kill to the next command %d ms%n", (System.nanoTime() - killed) / 1_000_000);
    kubectl.await("get deployment web -o jsonpath={.status.availableReplicas}", "3");
    assertThat(other.isActing()).isTrue();
  }

  @Test
  void anAutoscalerFollowsWhatPodsUseAsTheNodesTellThroughTheApiServer() {
    kubectl.apply(BusyDeployment.MANIFEST);
    kubectl.ok("autoscale deployment busy --min=1 --max=2");

    kubectl.await("get deployment busy -o jsonpath={.status.availableReplicas}", "2");

    assertThat(kubectl.ok("get hpa busy")).contains(BusyDeployment.UTILIZATION);
  }

  @Test
  void aSchedulerThatIsToldToStopSaysSoAndAnotherGoesOn() throws IOException {
    scheduler.stop();
    assertThat(scheduler.output()).contains("scheduler stops").doesNotContain("ERROR");

    kubectl.ok("create deployment later --image=busybox");
    scheduler =
        PartProcess.start("scheduler", apart.settings(), directory.resolve("scheduler-again"));

    kubectl.await("get deployment later -o jsonpath={.status.availableReplicas}", "1");
  }

  @Test
  void controllersThatAreToldToStopHandOverToThoseThatStandBy() throws IOException {
    second.awaitReady();
    boolean firstActs = first.isActing();
    PartProcess acting = firstActs ? first : second;
    PartProcess other = firstActs ? second : first;
    kubectl.ok("create deployment handed --image=busybox --replicas=0");

    long began = System.nanoTime();
    acting.beginStop();
    Awaitility.await("the other acts").atMost(BOUND).until(other::isActing);
    System.out.printf(
        "controllers handed over in %d ms%n", (System.nanoTime() - began) / 1_000_000);
    acting.stop();

    kubectl.ok("scale deployment handed --replicas=1");
    kubectl.await("get deployment handed -o jsonpath={.status.replicas}", "1");
    assertThat(acting.output()).contains("controllers stops").doesNotContain("\"ERROR\"");
    PartProcess again =
        PartProcess.start("controllers", apart.settings(), directory.resolve("controllers-again"));
    first = firstActs ? again : first;
    second = firstActs ? second : again;
    again.awaitReady();
  }

  @Test
  void everyPartShowsWhatItCounts() {
    kubectl.ok("create deployment counted --image=busybox");
    kubectl.await("get deployment counted -o jsonpath={.status.availableReplicas}", "1");
    PartProcess acting = first.isActing() ? first : second;

    assertThat(kubectl.ok("get --raw /metrics"))
        .contains("apiserver_request_total{", "shiplog_journal_leader 1", "jvm_memory_used_bytes{");
    assertThat(acting.metrics()).contains("workqueue_adds_total{", "jvm_memory_used_bytes{");
    assertThat(scheduler.metrics())
        .contains("scheduler_schedule_attempts_total{", "jvm_memory_used_bytes{");
    assertThat(agent.metrics()).contains("kubelet_running_pods", "jvm_memory_used_bytes{");
  }

  @Test
  void everyPartWritesItsLogAsOneObjectToALine() {
    for (PartProcess part : List.of(api, first, second, scheduler, agent)) {
      part.awaitOutput("\"level\":\"INFO\"");
    }
    for (PartProcess part : List.of(api, first, second, scheduler)) {
      assertThat(part.output().lines()).allMatch(line -> line.matches("\\{\"timestamp\":.*}"));
    }
  }

  @Test
  void aBackupOfTheRunningClusterIsRestoredUnderAnotherPrefix() {
    kubectl.ok("create configmap kept --from-literal=a=b");
    String what =
        "get configmap kept -o jsonpath={.metadata.uid},{.metadata.resourceVersion},{.data.a}";
    String before = kubectl.ok(what);
    Path file = directory.resolve("backup.gz");
    onKafka("backup", file);
    kubectl.ok("patch configmap kept -p {\"data\":{\"a\":\"later\"}}");

    onKafka("restore", file, "--topic-prefix", "restored", "--replication", "1");
    int port = FreePort.next();
    Map<String, String> other =
        Map.of("SHIPLOG_TOPICS_PREFIX", "restored", "QUARKUS_HTTP_SSL_PORT", "" + port);
    try (PartProcess _ =
        PartProcess.start("api-server", apart.settings(), directory.resolve("r"), other)) {
      String restored = "--server https://127.0.0.1:" + port + " ";
      kubectl.await(restored + "get --raw /readyz", "ok");

      assertThat(kubectl.ok(restored + what)).isEqualTo(before);
      assertThat(kubectl.run("get deployments -o name").out())
          .isEqualTo(kubectl.run(restored + "get deployments -o name").out());
    }
  }

  private static void onKafka(String command, Path file, String... options) {
    List<String> words = new ArrayList<>();
    words.add(Product.checkout().resolve("shiplog").toString());
    words.addAll(List.of(command, file.toString(), "--kafka", kafka.bootstrap()));
    words.addAll(List.of(options));
    Path data = directory.resolve("commands");
    Run.of(words, Map.of("SHIPLOG_DATA_DIR", data.toString()), BOUND).succeeded();
  }
}
