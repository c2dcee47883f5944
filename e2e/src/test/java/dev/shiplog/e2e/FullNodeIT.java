package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A node with real containers on a small disk: images that come late, and a pod that takes all the
 * room.
 */
@ResourceLock(ContainerdCluster.MACHINE)
final class FullNodeIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final String UNUSED = "images.test/unused:1";

  /** Nothing listens at the port of its registry. */
  private static final String LATE = "127.0.0.1:1/late:1";

  private static final long LEAST_FREE = 200L << 20;

  @TempDir private static Path directory;
  private static Path disk;
  private static boolean mounted;
  private static ContainerdCluster cluster;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws IOException {
    disk = Files.createDirectories(directory.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=800m", "tmpfs", disk.toString()).exit() == 0;
    Assumptions.assumeTrue(mounted, "skipped: a small disk cannot be mounted here");
    cluster =
        ContainerdCluster.in(
            disk,
            "--eviction-hard",
            "nodefs.available<200Mi,imagefs.available<200Mi",
            "--eviction-pressure-transition-period",
            "15");
    kubectl = cluster.product().kubectl();
    kubectl.await("get serviceaccount default -o name", "serviceaccount/default");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (mounted) {
      run("umount", "--lazy", disk.toString());
    }
  }

  private static Run run(String... command) {
    return Run.of(List.of(command), Map.of(), BOUND);
  }

  @Test
  void podsWhoseImageComesLateStartWithoutFurtherAdo() {
    for (String policy : List.of("Never", "IfNotPresent", "Always")) {
      kubectl.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: POLICY}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - {name: c, image: "IMAGE", imagePullPolicy: POLICY_, command: [sleep, "100000"]}
          """
              .replace("POLICY_", policy)
              .replace("POLICY", policy.toLowerCase(java.util.Locale.ROOT))
              .replace("IMAGE", LATE));
    }
    awaitWaiting("never", "ErrImageNeverPull");
    awaitWaiting("ifnotpresent", "ImagePullBackOff");
    assertThat(
            kubectl.ok(
                "get pod ifnotpresent -o"
                    + " jsonpath={.status.containerStatuses[0].state.waiting.message}"))
        .startsWith("Back-off pulling image \"" + LATE + "\": ErrImagePull: ");

    importAs(LATE);

    kubectl.await("get pod never -o jsonpath={.status.phase}", "Running");
    kubectl.await("get pod ifnotpresent -o jsonpath={.status.phase}", "Running");
    assertThat(kubectl.ok("get pod always -o jsonpath={.status.phase}")).isEqualTo("Pending");
    assertThat(
            kubectl.ok(
                "get events --field-selector involvedObject.name=ifnotpresent,type=Warning"
                    + " -o jsonpath={.items[*].message}"))
        .contains("Failed to pull image \"" + LATE + "\"", "Error: ErrImagePull");
    kubectl.ok("delete pod never ifnotpresent always");
  }

  @Test
  void whoTookTheRoomGoesAndTheOthersStayAndThereIsRoomAgain() throws IOException {
    kubectl.apply(
        writer("done", "true", "0")
            + writer("modest", SLEEP, "100Mi")
            + writer("greedy", SLEEP, "0"));
    kubectl.ok("wait --for=condition=Ready pod modest greedy --timeout=90s");
    kubectl.await("get pod done -o jsonpath={.status.phase}", "Succeeded");
    importAs(UNUSED);
    String before = containerOf("modest");
    write("modest", 20 << 20);
    long free = free();
    assertThat(free).isGreaterThan(LEAST_FREE + (50 << 20));

    write("greedy", free - LEAST_FREE / 2);

    kubectl.await("get node -o jsonpath=" + PRESSURE, "True");
    assertThatItTakesNobody();
    kubectl.await("get node -o jsonpath={.items[0].spec.taints[*].key}", TAINT);
    kubectl.apply(writer("late", SLEEP, "0"));
    kubectl.await("get pod greedy -o jsonpath={.status.phase}/{.status.reason}", "Failed/Evicted");
    assertThat(kubectl.ok("get pod greedy -o jsonpath={.status.message}"))
        .startsWith("The node was low on resource: ephemeral-storage. Threshold quantity: 200Mi,");

    kubectl.await("get node -o jsonpath=" + PRESSURE, "False");
    kubectl.await("get pod late -o jsonpath={.status.phase}", "Running");
    assertThat(free()).isGreaterThan(free - (20 << 20));
    assertThat(containerOf("modest")).isEqualTo(before);
    assertThat(
            kubectl.ok(
                "get pods -o jsonpath={.items[?(@.status.reason==\"Evicted\")].metadata.name}"))
        .isEqualTo("greedy");
    assertThat(kubectl.ok("get pod done -o jsonpath={.status.phase}")).isEqualTo("Succeeded");
    assertThat(kubectl.ok("get node -o jsonpath={.items[0].status.images[*].names}"))
        .contains(BusyboxImage.NAME)
        .doesNotContain(UNUSED);
    assertThat(kubectl.ok("get node -o jsonpath={.items[0].spec.taints[*].key}")).isEmpty();
  }

  /** Not even past the scheduler. */
  private static void assertThatItTakesNobody() {
    String node = kubectl.ok("get node -o jsonpath={.items[0].metadata.name}");
    kubectl.apply(
        writer("bound", SLEEP, "0")
            .replace("restartPolicy:", "nodeName: " + node + "\n  restartPolicy:"));
    kubectl.await("get pod bound -o jsonpath={.status.phase}/{.status.reason}", "Failed/Evicted");
    assertThat(kubectl.ok("get pod bound -o jsonpath={.status.message}"))
        .isEqualTo("Pod was rejected: The node had condition: [DiskPressure].");
    kubectl.ok("delete pod bound");
  }

  private static final String SLEEP = "exec sleep 100000";
  private static final String TAINT = "node.kubernetes.io/disk-pressure";
  private static final String PRESSURE =
      "{.items[0].status.conditions[?(@.type==\"DiskPressure\")].status}";

  private static String writer(String name, String command, String request) {
    return """
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: NAME}
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:stable
        command: [sh, -c, "COMMAND"]
        resources: {requests: {ephemeral-storage: "REQUEST"}}
        volumeMounts: [{name: scratch, mountPath: /scratch}]
      volumes: [{name: scratch, emptyDir: {}}]
    """
        .replace("NAME", name)
        .replace("COMMAND", command)
        .replace("REQUEST", request);
  }

  private static void write(String pod, long bytes) {
    String line = "head -c " + bytes + " /dev/zero > /scratch/much";
    var _ = kubectl.run(List.of("exec", pod, "--", "sh", "-c", line)).succeeded();
  }

  private static long free() throws IOException {
    return Files.getFileStore(disk).getUsableSpace();
  }

  private static String containerOf(String pod) {
    return kubectl.ok("get pod " + pod + " -o jsonpath={.status.containerStatuses[0].containerID}");
  }

  private static void awaitWaiting(String pod, String reason) {
    Awaitility.await(pod + " waits with " + reason)
        .atMost(BOUND)
        .until(() ->
            kubectl
                .ok("get pod " + pod + " -o jsonpath={.status..state.waiting.reason}")
                .equals(reason));
  }

  private static void importAs(String name) {
    Path archive = BusyboxImage.archive(directory.resolve("other.tar"), name);
    var _ =
        cluster.product().run(List.of("image", "import", archive.toString()), BOUND).succeeded();
  }
}
