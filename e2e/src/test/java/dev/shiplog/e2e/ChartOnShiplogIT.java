package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import com.marcnuri.helm.UpgradeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Shiplog on Shiplog: the real Helm installs our own chart, with real containers, into a cluster
 * that Shiplog serves. What comes up there is a control plane of its own, on a Kafka outside.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock(ContainerdCluster.MACHINE)
final class ChartOnShiplogIT {

  /** What pods call their machine; nobody else has a way to it. */
  private static final String GATEWAY = "10.244.0.1";

  private static final String NAMESPACE = "inner";
  private static final String RELEASE = "shiplog";
  private static final String BUT_TESTS = " -l app.kubernetes.io/component!=test";
  private static final int PATIENCE_SECONDS = 240;
  private static final List<String> SERVERS = List.of("shiplog-api-0", "shiplog-api-1");

  private Path directory;
  private ContainerdCluster outer;
  private Kubectl kubectl;
  private KafkaCluster kafka;
  private Path values;
  private Path innerKubeconfig;

  @BeforeAll
  void bringUp(@TempDir Path temporary) throws IOException {
    directory = temporary;
    outer = ContainerdCluster.in(directory);
    kubectl = outer.product().kubectl();
    kafka = KafkaCluster.at(GATEWAY, 1, directory);
    String image = ShiplogImage.archive(directory).toString();
    outer.product().run(List.of("image", "import", image), Duration.ofMinutes(2)).succeeded();
    values = Files.writeString(directory.resolve("values.yaml"), values());
    innerKubeconfig = directory.resolve("inner.kubeconfig");
  }

  private String values() {
    String port = kafka.bootstrap().substring(kafka.bootstrap().lastIndexOf(':') + 1);
    return """
    image: {repository: %s, tag: %s, pullPolicy: Never}
    kafka: {bootstrapServers: "%s", ports: [%s], replicationFactor: 1}
    apiServer:
      resources: {requests: {cpu: 100m, memory: 256Mi}}
    controllers:
      replicas: 1
      resources: {requests: {cpu: 100m, memory: 256Mi}}
    scheduler:
      replicas: 1
      resources: {requests: {cpu: 100m, memory: 256Mi}}
    """
        .formatted(ShiplogImage.REPOSITORY, ShiplogImage.TAG, kafka.bootstrap(), port);
  }

  @AfterAll
  void takeDown() {
    if (kafka != null) {
      kafka.close();
    }
    if (outer != null) {
      outer.close();
    }
  }

  @Test
  @Order(1)
  void itIsInstalledAndAllItsPartsBecomeReady() throws IOException {
    Release installed =
        chart()
            .install()
            .withKubeConfig(kubectl.kubeconfig())
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .createNamespace()
            .withValuesFile(values)
            .waitReady()
            .withTimeout(PATIENCE_SECONDS)
            .call();

    assertThat(installed.getStatus()).isEqualTo("deployed");
    assertThat(in("get statefulset shiplog-api -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("2");
    String admin = in("get secret shiplog-certificates -o jsonpath={.data['admin\\.kubeconfig']}");
    Files.write(innerKubeconfig, Base64.getDecoder().decode(admin));
  }

  @Test
  @Order(2)
  void itsOwnTestPasses() {
    Helm.test(RELEASE).withKubeConfig(kubectl.kubeconfig()).withNamespace(NAMESPACE).call();

    assertThat(in("get pod shiplog-test -o jsonpath={.status.phase}")).isEqualTo("Succeeded");
  }

  @Test
  @Order(3)
  void whatOneOfItsServersIsToldAnotherKnowsAndItsControllersAct() {
    try (PortForward first = to(SERVERS.getFirst());
        PortForward second = to(SERVERS.getLast())) {
      inner(first, "create deployment web --image=web --replicas=2").succeeded();

      await(second, "get pods -l app=web -o jsonpath={.items[*].status.phase}", "Pending Pending");
    }
  }

  @Test
  @Order(4)
  void itGoesOnWhenThePodOfItsLeaderIsKilled() {
    String leader = leader();
    String other = SERVERS.stream().filter(one -> !one.equals(leader)).findFirst().orElseThrow();
    try (PortForward survivor = to(other)) {
      inner(survivor, "create configmap before --from-literal=a=b").succeeded();
      String kill = "-n " + NAMESPACE + " delete pod " + leader + " --grace-period=0 --force";
      assertThat(kubectl.run(kill).exit()).isZero();

      Awaitility.await("a write after the leader's end")
          .atMost(Duration.ofSeconds(60))
          .until(() -> inner(survivor, "create configmap after").exit() == 0);
      assertThat(inner(survivor, "get configmap before -o jsonpath={.data.a}").succeeded().out())
          .isEqualTo("b");
    }
    kubectl.await(
        "-n " + NAMESPACE + " get statefulset shiplog-api -o jsonpath={.status.readyReplicas}",
        "2");
  }

  @Test
  @Order(5)
  void anUpgradeThatFindsNoRoomIsRolledBack() {
    assertThatThrownBy(() ->
            upgrade()
                .set("controllers.resources.requests.cpu", "1000")
                .atomic()
                .withTimeout(15)
                .call())
        .hasMessageContaining("rolled back");

    assertThat(in("get deployment shiplog-controllers -o jsonpath={..requests.cpu}"))
        .isEqualTo("100m");
  }

  @Test
  @Order(6)
  void anUpgradeChangesIt() {
    upgrade().set("scheduler.replicas", 2).call();

    assertThat(in("get deployment shiplog-scheduler -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("2");
  }

  /** The cluster in Kafka outlives it, and so does what its clients trust. */
  @Test
  @Order(7)
  void uninstalledItLeavesNothingButItsCertificates() {
    Helm.uninstall(RELEASE).withKubeConfig(kubectl.kubeconfig()).withNamespace(NAMESPACE).call();

    kubectl.await(
        "-n " + NAMESPACE + " get pods,deployments,statefulsets,services -o name" + BUT_TESTS, "");
    assertThat(in("get secret shiplog-certificates -o name"))
        .isEqualTo("secret/shiplog-certificates");
  }

  private String leader() {
    return SERVERS.stream().filter(this::isLeader).findFirst().orElseThrow();
  }

  private boolean isLeader(String server) {
    try (PortForward forward = to(server)) {
      Stream<String> metrics = inner(forward, "get --raw /metrics").succeeded().lines().stream();
      return metrics.anyMatch(line -> line.matches("shiplog_journal_leader(\\{.*})? 1\\.0"));
    }
  }

  private PortForward to(String server) {
    Path said = directory.resolve("forward-" + server);
    return PortForward.to(kubectl, NAMESPACE, "pod/" + server, 6443, said);
  }

  private Run inner(PortForward server, String arguments) {
    return Kubectl.with(innerKubeconfig).run("--server=" + server.url() + " " + arguments);
  }

  private void await(PortForward server, String arguments, String expected) {
    Kubectl.with(innerKubeconfig).await("--server=" + server.url() + " " + arguments, expected);
  }

  private UpgradeCommand upgrade() {
    return chart()
        .upgrade()
        .withKubeConfig(kubectl.kubeconfig())
        .withName(RELEASE)
        .withNamespace(NAMESPACE)
        .withValuesFile(values)
        .waitReady()
        .withTimeout(PATIENCE_SECONDS);
  }

  private static Helm chart() {
    return new Helm(Product.checkout().resolve("helm").resolve("shiplog"));
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + NAMESPACE + " " + arguments);
  }
}
