package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A node in a process of its own, while all that it is told by is away, and while its clock jumps:
 * what runs goes on running, is looked after and is reached, and afterwards the node catches up by
 * itself, with nothing done twice and nothing left over.
 *
 * <p>{@code -Doutage.seconds} says for how long things are away: if it is absent, a little longer
 * than the node's lease and the longest wait of a request; below twenty it is over before what is
 * sick was started again. It takes minutes, so it runs with {@code -Dsoak.minutes} only.
 */
@ResourceLock(ContainerdCluster.MACHINE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9][0-9]*")
final class OutagesIT {

  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("outage.seconds", 45));
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private static Path directory;
  private static NodeApart node;
  private static MachineHoldings before;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws IOException {
    node = NodeApart.in(directory);
    kubectl = node.kubectl();
    makeWay();
    before = MachineHoldings.of(directory);
    kubectl.apply(PODS);
    kubectl.ok("wait --for=condition=Ready pod --all --timeout=90s");
  }

  /** With its first pod a node has an address at which pods reach what runs beside them. */
  private static void makeWay() {
    kubectl.await("get serviceaccount default -o name", "serviceaccount/default");
    kubectl.apply(DOOMED);
    kubectl.ok("wait --for=condition=Ready pod doomed --timeout=90s");
    kubectl.ok("delete pod doomed");
    Awaitility.await("nothing of the first pod")
        .atMost(BOUND)
        .until(() -> MachineHoldings.of(directory).files().isEmpty());
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  @Order(1)
  void kafkaAndTheApiServerAreAwayTogether() throws IOException {
    survives(
        () -> {
          node.killKafka();
          node.killApi();
        },
        () -> {
          node.startKafka();
          node.startApi();
        });
  }

  @Test
  @Order(2)
  void kafkaIsAway() throws IOException {
    survives(node::killKafka, node::startKafka);
  }

  @Test
  @Order(3)
  void theApiServerIsAway() throws IOException {
    survives(node::killApi, node::startApi);
  }

  @Test
  @Order(4)
  void theNodesClockJumpsAnHourAheadAndBack() {
    Assumptions.assumeTrue(
        NodeApart.hasOwnClock(), "skipped: Debian's package faketime is not installed");
    String running = running();
    String restarts = restartsOf("sick");
    Instant began = Instant.now();

    node.setClock(HOUR);
    assertThat(awaitLeaseAfter(Instant.now().plus(HOUR.dividedBy(2))))
        .isAfter(Instant.now().plus(HOUR.dividedBy(2)));
    assertThat(kubectl.ok("exec caller -- date +%s")).matches("[0-9]+");
    node.setClock(Duration.ZERO);
    Awaitility.await("a lease of the present")
        .atMost(BOUND)
        .until(() -> lease().isBefore(Instant.now().plusSeconds(60)));

    assertThat(running()).isEqualTo(running);
    assertThat(restartsOf("sick")).isEqualTo(restarts);
    assertThat(nodeIsReady()).isEqualTo("True");
    assertThat(callsThatFailed(began, Instant.now())).isEmpty();
  }

  @Test
  @Order(5)
  void whenAllIsDeletedNothingIsLeft() {
    kubectl.ok("delete service web");
    kubectl.ok("delete pod --all --grace-period=1");

    MachineHoldings.awaitSame(directory, before);
  }

  private static void survives(Runnable begin, Runnable end) throws IOException {
    String running = running();
    int restarts = Integer.parseInt(restartsOf("sick"));
    long process = node.pid();
    MachineHoldings holdings = MachineHoldings.of(directory);
    Path health = node.emptyDir(uidOf("sick"), "state").resolve("well");
    Instant began = Instant.now();

    begin.run();
    Files.delete(health);
    Awaitility.await("time goes by")
        .atMost(OUTAGE.plusSeconds(30))
        .until(() -> Instant.now().isAfter(began.plus(OUTAGE)));
    assertThat(MachineHoldings.of(directory).rules()).isEqualTo(holdings.rules());
    Instant ended = Instant.now();
    end.run();
    node.awaitApi();
    kubectl.ok("delete pod doomed --wait=false");
    kubectl.apply(LATE);

    kubectl.await("get pod late -o jsonpath={.status.phase}", "Running");
    kubectl.await("get pod doomed --ignore-not-found -o name", "");
    kubectl.await(
        "get pod sick -o jsonpath={.status.containerStatuses[0].restartCount}",
        "" + (restarts + 1));
    assertThat(
            Instant.parse(
                kubectl.ok(
                    "get pod sick -o jsonpath={.status.containerStatuses[0].state.running.startedAt}")))
        .isBetween(began.minusSeconds(1), ended.plusSeconds(1));
    Awaitility.await("the node is ready").atMost(BOUND).until(() -> nodeIsReady().equals("True"));
    assertThat(running()).isEqualTo(running);
    assertThat(callsThatFailed(began, ended)).isEmpty();
    awaitCall();
    assertThat(node.pid()).isEqualTo(process);
    kubectl.ok("delete pod late");
    kubectl.apply(DOOMED);
    kubectl.ok("wait --for=condition=Ready pod --all --timeout=90s");
  }

  /** Containers of those that nothing happens to, and since when they run. */
  private static String running() {
    return kubectl.ok(
        "get pods -l steady=yes -o jsonpath={range.items[*]}{.metadata.uid}"
            + "{.status.containerStatuses[0].containerID}"
            + "{.status.containerStatuses[0].state.running.startedAt}{end}");
  }

  private static String restartsOf(String pod) {
    return kubectl.ok(
        "get pod " + pod + " -o jsonpath={.status.containerStatuses[0].restartCount}");
  }

  private static String uidOf(String pod) {
    return kubectl.ok("get pod " + pod + " -o jsonpath={.metadata.uid}");
  }

  private static String nodeIsReady() {
    return kubectl.ok(
        "get node apart -o jsonpath={.status.conditions[?(@.type==\"Ready\")].status}");
  }

  /** Seconds between these times in which a call did not succeed. */
  private static List<Long> callsThatFailed(Instant from, Instant to) {
    List<String> all = kubectl.run("logs caller").succeeded().lines();
    assertThat(all).isNotEmpty();
    return all.stream()
        .filter(line -> !line.equals("ok"))
        .map(Long::valueOf)
        .filter(second -> second >= from.getEpochSecond() && second <= to.getEpochSecond())
        .toList();
  }

  private static void awaitCall() {
    kubectl.await("logs caller --tail=1", "ok");
  }

  private static Instant lease() {
    return Instant.parse(
        kubectl.ok("get lease apart -n kube-node-lease -o jsonpath={.spec.renewTime}"));
  }

  private static Instant awaitLeaseAfter(Instant time) {
    Awaitility.await("a lease after " + time).atMost(BOUND).until(() -> lease().isAfter(time));
    return lease();
  }

  private static final String DOOMED =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: doomed}
      spec:
        terminationGracePeriodSeconds: 1
        containers: [{name: c, image: "busybox:stable", command: [sleep, "100000"]}]
      """;

  private static final String LATE = DOOMED.replace("doomed", "late");

  /**
   * One that serves, one that calls it all the time, and one that is well until it is made sick.
   */
  private static final String PODS =
      DOOMED
          + """
          ---
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec:
            clusterIP: 10.96.7.7
            selector: {app: web}
            ports: [{port: 80, targetPort: 8080}]
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: web, labels: {app: web, steady: "yes"}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: c
              image: busybox:stable
              command: [httpd, -f, -p, "8080", -h, /etc]
              readinessProbe: {httpGet: {port: 8080, path: /passwd}, periodSeconds: 1, timeoutSeconds: 10}
              livenessProbe: {httpGet: {port: 8080, path: /passwd}, periodSeconds: 1, timeoutSeconds: 10}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: caller, labels: {steady: "yes"}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: c
              image: busybox:stable
              command:
              - sh
              - -c
              - |
                call() { timeout 10 wget -q -O /dev/null http://10.96.7.7/passwd; }
                until call 2>/dev/null; do sleep 1; done
                while sleep 1; do call 2>/dev/null && echo ok || date +%s; done
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: sick}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: c
              image: busybox:stable
              command: [sh, -c, "touch /state/well; exec sleep 100000"]
              volumeMounts: [{name: state, mountPath: /state}]
              livenessProbe: {exec: {command: [cat, /state/well]}, periodSeconds: 1, failureThreshold: 2, initialDelaySeconds: 3}
            volumes: [{name: state, emptyDir: {}}]
          """;
}
