package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The life of {@code examples/web.yaml} on real containers, told in order: each test goes on from
 * where the one before it ended, as a user would.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock(ContainerdCluster.MACHINE)
final class ExampleApplicationIT {

  private static final String PODS = "get pods -l app=web -o jsonpath=";
  private static final String CONTAINER_IDS =
      PODS + "{.items[*].status.containerStatuses[*].containerID}";

  @TempDir private static Path directory;
  private static ContainerdCluster cluster;
  private static Product product;
  private static Kubectl kubectl;

  @BeforeAll
  static void bringUp() {
    cluster = ContainerdCluster.in(directory);
    product = cluster.product();
    kubectl = product.kubectl();
  }

  @AfterAll
  static void takeDown() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void theNodeIsReady() {
    assertThat(kubectl.ok("wait --for=condition=Ready node --all --timeout=60s"))
        .endsWith("condition met");
  }

  @Test
  @Order(2)
  void theApplicationRollsOut() {
    assertThat(kubectl.ok("apply -f " + Product.checkout().resolve("examples/web.yaml")))
        .contains(
            "configmap/web-page created", "deployment.apps/web created", "service/web created");
    assertThat(kubectl.ok("rollout status deployment/web --timeout=120s"))
        .endsWith("successfully rolled out");
    kubectl.await(PODS + "{.items[*].status.phase}", "Running Running Running");
  }

  @Test
  @Order(3)
  void thePageIsServedThroughClusterIpAndNodePort() {
    String clusterIp = kubectl.ok("get service web -o jsonpath={.spec.clusterIP}");
    awaitPage("http://" + clusterIp + "/", "Hello from a Kafka log.");
    awaitPage("http://127.0.0.1:30080/", "Hello from a Kafka log.");
  }

  @Test
  @Order(4)
  void podsFindServicesByName() {
    for (String name : List.of("web", "web.default", "web.default.svc.cluster.local")) {
      assertThat(kubectl.ok("exec deploy/web -- wget -q -O - http://" + name + "/"))
          .isEqualTo("Hello from a Kafka log.");
    }
  }

  @Test
  @Order(4)
  void aPodHasATokenOfItsServiceAccountAndAWayToTheApiServer() throws IOException {
    String files = "exec deploy/web -- cat /var/run/secrets/kubernetes.io/serviceaccount/";
    assertThat(kubectl.ok(files + "namespace")).isEqualTo("default");
    kubectl.ok("exec deploy/web -- nc -w 5 kubernetes.default.svc 443");
    Path authority =
        Files.writeString(directory.resolve("pods-ca.crt"), kubectl.ok(files + "ca.crt") + "\n");

    // The image has no client that verifies certificates, so what the pod has is used outside.
    String answer =
        Run.of(
                List.of(
                    "curl",
                    "-sS",
                    "--max-time",
                    "20",
                    "--cacert",
                    authority.toString(),
                    "--resolve",
                    "kubernetes.default.svc:443:10.96.0.1",
                    "-H",
                    "Authorization: Bearer " + kubectl.ok(files + "token"),
                    "-H",
                    "Content-Type: application/json",
                    "-d",
                    "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}",
                    "https://kubernetes.default.svc/apis/authentication.k8s.io/v1/selfsubjectreviews"),
                Map.of(),
                Duration.ofSeconds(30))
            .succeeded()
            .out();
    assertThat(answer).contains("\"username\":\"system:serviceaccount:default:default\"");
  }

  @Test
  @Order(4)
  void logsOfAPodAreShown() {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: talker
        spec:
          restartPolicy: Never
          containers:
          - name: talker
            image: busybox:stable
            imagePullPolicy: IfNotPresent
            command: ["sh", "-c", "for i in 1 2 3; do echo line $i; done"]
        """);
    kubectl.ok("wait --for=jsonpath={.status.phase}=Succeeded pod/talker --timeout=60s");
    assertThat(kubectl.ok("logs talker")).isEqualTo("line 1\nline 2\nline 3");
    assertThat(kubectl.ok("logs talker --tail=1")).isEqualTo("line 3");
    kubectl.ok("delete pod talker");
  }

  @Test
  @Order(4)
  void volumesOfADriverAreAttachedAndMountedForAPodAndGivenBack() throws IOException {
    Path store = directory.resolve("store");
    try (StorageDriver _ = StorageDriver.on(product, store)) {
      kubectl.await("get csinodes -o jsonpath={..drivers[*].name}", StorageDriver.NAME);
      kubectl.apply(
          StorageDriver.claim("files", "Filesystem")
              + StorageDriver.claim("raw", "Block")
              + """
              apiVersion: v1
              kind: Pod
              metadata:
                name: writer
              spec:
                terminationGracePeriodSeconds: 0
                containers:
                - name: writer
                  image: busybox:stable
                  imagePullPolicy: IfNotPresent
                  command: ["sh", "-c", "echo kept > /files/page; echo raw > /dev/raw; sync; sleep 600"]
                  volumeMounts: [{name: files, mountPath: /files}]
                  volumeDevices: [{name: raw, devicePath: /dev/raw}]
                volumes:
                - {name: files, persistentVolumeClaim: {claimName: files}}
                - {name: raw, persistentVolumeClaim: {claimName: raw}}
              """);
      StorageDriver.attach(kubectl, "files");
      StorageDriver.attach(kubectl, "raw");
      kubectl.ok("wait --for=condition=Ready pod/writer --timeout=60s");
      assertThat(mounts(store)).isNotEmpty();

      kubectl.ok("delete pod writer");
      StorageDriver.detach(kubectl, "files");
      StorageDriver.detach(kubectl, "raw");
      assertThat(mounts(store)).isEmpty();
      assertThat(store.resolve("files/page")).hasContent("kept");
      assertThat(Files.readAllBytes(store.resolve("raw.img"))).startsWith('r', 'a', 'w', '\n');
      kubectl.await("get volumeattachments -o name", "");
    }
    kubectl.await("get csinodes -o jsonpath={..drivers[*].name}", "");
  }

  @Test
  @Order(5)
  void itScales() {
    kubectl.ok("scale deployment web --replicas=5");
    kubectl.await("get deployment web -o jsonpath={.status.readyReplicas}", "5");
    kubectl.ok("scale deployment web --replicas=3");
    kubectl.await("get deployment web -o jsonpath={.status.replicas}", "3");
  }

  @Test
  @Order(6)
  void aChangedTemplateRollsOutAndBack() {
    Set<String> before = pods();
    kubectl.ok("set env deployment/web COLOUR=blue");
    kubectl.ok("rollout status deployment/web --timeout=120s");
    kubectl.await(PODS + "{.items[*].spec.containers[0].env[0].value}", "blue blue blue");
    // A rollout is complete while the last of the old pods is still ending.
    Awaitility.await("the old pods " + before + " are gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> Collections.disjoint(pods(), before));

    // kubectl warns by itself that the annotation of 'apply' stays behind.
    assertThat(kubectl.run("rollout undo deployment/web").out()).contains("rolled back");
    kubectl.ok("rollout status deployment/web --timeout=120s");
    kubectl.await(PODS + "{.items[*].spec.containers[0].env[0].value}", "");
    kubectl.await(PODS + "{.items[*].status.phase}", "Running Running Running");
  }

  @Test
  @Order(7)
  void aDeletedPodIsReplaced() {
    String victim = pods().iterator().next();
    kubectl.ok("delete pod " + victim);
    kubectl.await("get deployment web -o jsonpath={.status.readyReplicas}", "3");
    awaitThreePods();
    assertThat(pods()).doesNotContain(victim);
  }

  @Test
  @Order(8)
  void aCrashOfTheWholeProcessLosesNothingAndRestartsNoContainer() {
    awaitThreePods();
    String objects = objects();
    Set<String> containers = containers();

    product.kill();
    product.up();

    assertThat(objects()).isEqualTo(objects);
    kubectl.await("get deployment web -o jsonpath={.status.readyReplicas}", "3");
    assertThat(containers()).hasSize(3).isEqualTo(containers);
    awaitPage("http://127.0.0.1:30080/", "Hello from a Kafka log.");
  }

  @Test
  @Order(9)
  void whatIsDeletedLeavesNoContainerBehind() {
    kubectl.ok("delete -f " + Product.checkout().resolve("examples/web.yaml"));
    kubectl.await("get pods -o name", "");
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> shims().isEmpty());
  }

  /** Objects that nothing writes to at rest, with their revisions. */
  private static String objects() {
    return kubectl.ok(
        "get configmaps,services,serviceaccounts,namespaces -A --sort-by=.metadata.uid"
            + " -o custom-columns=N:.metadata.name,U:.metadata.uid,R:.metadata.resourceVersion");
  }

  /** None of them on its way out. */
  private static void awaitThreePods() {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> pods().size() == 3);
  }

  private static Set<String> pods() {
    return words(kubectl.ok(PODS + "{.items[*].metadata.name}"));
  }

  private static Set<String> containers() {
    return words(kubectl.ok(CONTAINER_IDS));
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(" ")).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The runtime's processes that hold this product's pods. */
  private static List<String> shims() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains("containerd-shim") && line.contains(directory.toString()))
        .toList();
  }

  /** The machine's mounts of what lies in a directory. */
  private static List<String> mounts(Path directory) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }

  private static void awaitPage(String url, String expected) {
    Awaitility.await(url)
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                Run.of(
                        List.of("curl", "-s", "--max-time", "5", url),
                        Map.of(),
                        Duration.ofSeconds(10))
                    .out()
                    .strip(),
            expected::equals);
  }
}
