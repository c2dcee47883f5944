package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A control plane and three nodes with real containers, each in a network of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock(ContainerdCluster.MACHINE)
final class SeveralNodesIT {

  private static final String CONTROL = "slcontrol";
  private static final List<String> NODES = List.of("slnode1", "slnode2", "slnode3");
  private Hosts hosts;
  private Product control;
  private final List<Product> nodes = new ArrayList<>();
  private Kubectl kubectl;

  @BeforeAll
  void start(@TempDir Path directory) {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: network namespaces need root");
    Path image = BusyboxImage.archive(directory);
    hosts = new Hosts(CONTROL, NODES.get(0), NODES.get(1), NODES.get(2));
    String address = hosts.address(CONTROL);
    control =
        Product.on(
                directory.resolve("control"),
                "--bind",
                address,
                "--kafka-listen",
                address + ":" + FreePort.next(),
                "--without",
                "agent")
            .before(Hosts.on(CONTROL));
    control.up();
    Kubectl plain = control.kubectl();
    kubectl = new Kubectl(Hosts.program(directory, CONTROL, plain.program()), plain.kubeconfig());
    JoinLine line = JoinLine.from(control);
    for (String name : NODES) {
      Product node = Product.on(directory.resolve(name)).before(Hosts.on(name));
      line.as(name, "10.244." + name.charAt(name.length() - 1) + ".0/24").start(node, image);
      nodes.add(node);
    }
    kubectl.ok("wait --for=condition=Ready node --all --timeout=90s");
  }

  @AfterAll
  void stop() {
    nodes.reversed().forEach(Product::close);
    if (control != null) {
      control.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  @Order(1)
  void aServiceLeadsFromAnyNodeToPodsOnAllOfThem() {
    kubectl.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 0
              tolerations:
              - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 1}
              - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 1}
              topologySpreadConstraints:
              - maxSkew: 1
                topologyKey: kubernetes.io/hostname
                whenUnsatisfiable: ScheduleAnyway
                labelSelector: {matchLabels: {app: web}}
              containers:
              - name: web
                image: busybox:stable
                imagePullPolicy: IfNotPresent
                command: ["sh", "-c", "hostname > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
                readinessProbe: {httpGet: {port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080}]
        """);
    kubectl.ok("rollout status deployment/web --timeout=120s");
    assertThat(running()).containsExactlyInAnyOrderElementsOf(NODES);

    String address = kubectl.ok("get service web -o jsonpath={.spec.clusterIP}");
    List<String> pods =
        words(kubectl.ok("get pods -l app=web -o jsonpath={.items[*].metadata.name}"));
    for (String from : pods) {
      List<String> answers = new ArrayList<>();
      Awaitility.await("answers of " + pods + " to " + from)
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            answers.add(
                kubectl.ok("exec " + from + " -- timeout 5 wget -q -O - http://" + address + "/"));
            return answers.containsAll(pods);
          });
    }
  }

  @Test
  @Order(2)
  void aPodIsReachedAtItsOwnAddressFromAnotherNodeAndSeesWhoCalls() {
    String target = podOn(NODES.get(0));
    String caller = podOn(NODES.get(1));
    String address = kubectl.ok("get pod " + target + " -o jsonpath={.status.podIP}");

    assertThat(address).startsWith("10.244.1.");
    assertThat(
            kubectl.ok("exec " + caller + " -- timeout 5 wget -q -O - http://" + address + ":8080"))
        .isEqualTo(target);
  }

  @Test
  @Order(3)
  void aNodeThatIsCutOffLosesItsPodsToOthersAndDoesNotRunThemWhenItIsBack() {
    String lost = NODES.get(2);
    String before = podOn(lost);
    hosts.unplug(lost);

    kubectl.await(
        "get node " + lost + " -o jsonpath={.status.conditions[?(@.type==\"Ready\")].status}",
        "Unknown");
    Awaitility.await("three pods on the other two nodes")
        .atMost(Duration.ofSeconds(90))
        .until(() -> ready().size() == 3 && !ready().contains(lost));

    hosts.plug(lost);
    kubectl.await(
        "get node " + lost + " -o jsonpath={.status.conditions[?(@.type==\"Ready\")].status}",
        "True");
    kubectl.await("get pods -l app=web -o name --field-selector=metadata.name=" + before, "");
    Awaitility.await("the cut-off pod's processes end")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !Hosts.inside(lost, "ip -4 route show").contains("10.244.3."));
    assertThat(running()).hasSize(3).doesNotContain(lost);
  }

  @Test
  @Order(4)
  void aNodeThatIsStoppedWhileItIsCutOffTakesItsContainersAlong() {
    String lost = NODES.get(1);
    Product node = nodes.get(1);
    assertThat(Hosts.inside(lost, "ip -4 route show")).contains("10.244.2.");
    hosts.unplug(lost);

    node.down();

    assertThat(ProcessHandle.allProcesses().map(SeveralNodesIT::commandLine))
        .noneMatch(line -> line.contains(node.data().toString()));
    assertThat(Hosts.inside(lost, "ip -4 route show")).doesNotContain("10.244.");
    assertThat(Hosts.inside(lost, "nft list tables")).doesNotContain("shiplog");
  }

  /** Of a process that ends meanwhile, nothing. */
  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  private String podOn(String node) {
    return kubectl.ok(
        "get pods -l app=web -o jsonpath={.items[0].metadata.name} --field-selector=spec.nodeName="
            + node);
  }

  /** Nodes of the pods that run, as far as is known. */
  private List<String> running() {
    return words(
        kubectl.ok(
            "get pods -l app=web --field-selector=status.phase=Running"
                + " -o jsonpath={.items[*].spec.nodeName}"));
  }

  /** Nodes of the pods that the service leads to. */
  private List<String> ready() {
    return words(
        kubectl.ok(
            "get endpointslices -l kubernetes.io/service-name=web"
                + " -o jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].nodeName}"));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
