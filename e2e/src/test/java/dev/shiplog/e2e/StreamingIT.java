package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams into real containers, with kubectl as it is today and as it was before WebSocket. */
@ResourceLock(ContainerdCluster.MACHINE)
final class StreamingIT {

  private static final Duration AT_MOST = Duration.ofMinutes(1);

  @TempDir private static Path directory;
  private static ContainerdCluster cluster;
  private static Product product;
  private static Kubectl kubectl;

  /** What kubectl speaks for streams. */
  enum Speech {
    WEB_SOCKET("true"),
    SPDY("false");

    private final String webSockets;

    Speech(String webSockets) {
      this.webSockets = webSockets;
    }
  }

  @BeforeAll
  static void startPod() {
    cluster = ContainerdCluster.in(directory);
    product = cluster.product();
    kubectl = product.kubectl();
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: box
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: box
            image: busybox:stable
            imagePullPolicy: IfNotPresent
            command: ["sh", "-c", "echo page > /tmp/page; httpd -p 8080 -h /tmp; while true; do echo tick; sleep 1; done"]
        """);
    kubectl.ok("wait --for=condition=Ready pod/box --timeout=60s");
  }

  @AfterAll
  static void takeDown() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCommandsOutputErrorsAndExitCodeComeApart(Speech speech) {
    Run run = stream(speech, "", "exec", "box", "--", "sh", "-c", "echo out; echo err >&2; exit 7");

    assertThat(run.exit()).isEqualTo(7);
    assertThat(run.out()).isEqualTo("out\n");
    assertThat(run.err()).isEqualTo("err\ncommand terminated with exit code 7\n");
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfTheInputReachesTheCommand(Speech speech) {
    String input = "a line of input\n".repeat(100_000);

    Run run = stream(speech, input, "exec", "-i", "box", "--", "sh", "-c", "wc -c; echo done");

    assertThat(run.succeeded().out()).isEqualTo(input.length() + "\ndone\n");
  }

  @ParameterizedTest
  @EnumSource
  void largeOutputArrivesWhole(Speech speech) {
    Run run =
        stream(speech, "", "exec", "box", "--", "sh", "-c", "yes 0123456789 | head -n 500000");

    assertThat(run.succeeded().out()).isEqualTo("0123456789\n".repeat(500_000));
  }

  @ParameterizedTest
  @EnumSource
  void aTerminalHasTheSizeOfTheUsers(Speech speech) {
    String inside = "sleep 1; stty size; echo typed: $(head -n 1)";
    Run run =
        Run.of(
            List.of(
                "script",
                "-qec",
                "stty rows 33 cols 111; %s exec -it box -- sh -c '%s'"
                    .formatted(kubectl.program(), inside),
                "/dev/null"),
            environment(speech),
            "hello\n",
            AT_MOST);

    assertThat(run.out()).contains("33 111", "typed: hello");
  }

  @ParameterizedTest
  @EnumSource
  void filesAreCopiedInAndOut(Speech speech) throws IOException {
    byte[] content = new byte[3_000_000];
    new Random(7).nextBytes(content);
    Path there = Files.write(directory.resolve("there-" + speech), content);
    Path back = directory.resolve("back-" + speech);

    stream(speech, "", "cp", there.toString(), "box:/tmp/copy").succeeded();
    stream(speech, "", "cp", "box:/tmp/copy", back.toString());

    assertThat(back).hasBinaryContent(content);
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryIsCopiedInAndOutWithAllThatIsInIt(Speech speech) throws IOException {
    Path there = Files.createDirectories(directory.resolve("tree-" + speech + "/a/b"));
    Files.writeString(there.resolve("deep"), "deep");
    Files.writeString(there.resolveSibling("shallow"), "shallow");
    Path back = directory.resolve("tree-back-" + speech);

    stream(speech, "", "cp", there.getParent().toString(), "box:/tmp/tree-" + speech).succeeded();
    stream(speech, "", "cp", "box:/tmp/tree-" + speech, back.toString());

    assertThat(back.resolve("b/deep")).hasContent("deep");
    assertThat(back.resolve("shallow")).hasContent("shallow");
  }

  @ParameterizedTest
  @EnumSource
  void attachShowsWhatTheContainerWrites(Speech speech) throws Exception {
    Path out = directory.resolve("attached-" + speech);
    Process attached = start(speech, out, "attach", "box");
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.readString(out).contains("tick\ntick\n"));
    } finally {
      attached.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForwardedPortTakesManyConnections(Speech speech) throws Exception {
    int port = FreePort.next();
    Path out = directory.resolve("forwarded-" + speech);
    Process forward = start(speech, out, "port-forward", "pod/box", port + ":8080");
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.readString(out).contains("Forwarding from"));
      for (String page : atOnce(20, () -> page(port))) {
        assertThat(page).isEqualTo("page\n");
      }
    } finally {
      forward.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCommandsRunAtOnce(Speech speech) throws Exception {
    List<String> answers =
        atOnce(10, () -> stream(speech, "x", "exec", "-i", "box", "--", "cat").succeeded().out());

    assertThat(answers).hasSize(10).containsOnly("x");
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeStreamedIsRefusedInWords(Speech speech) {
    assertThat(stream(speech, "", "exec", "nobody", "--", "id").failed().err())
        .contains("pods \"nobody\" not found");
    assertThat(stream(speech, "", "exec", "box", "-c", "none", "--", "id").failed().err())
        .contains("container", "none");
    assertThat(stream(speech, "", "exec", "box", "--", "no-such-program").failed().err())
        .contains("no-such-program");
  }

  private static Run stream(Speech speech, String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(kubectl.program().toString()));
    command.addAll(List.of(arguments));
    return Run.of(command, environment(speech), input, AT_MOST);
  }

  private static Process start(Speech speech, Path out, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(kubectl.program().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().putAll(environment(speech));
    return builder.start();
  }

  private static Map<String, String> environment(Speech speech) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", speech.webSockets);
    environment.put("KUBECTL_PORT_FORWARD_WEBSOCKETS", speech.webSockets);
    environment.put("KUBECONFIG", kubectl.kubeconfig().toString());
    environment.put("HOME", directory.toString());
    return environment;
  }

  private static String page(int port) {
    String url = "http://127.0.0.1:" + port + "/page";
    return Run.of(List.of("curl", "-s", "--max-time", "20", url), Map.of(), AT_MOST).out();
  }

  private static List<String> atOnce(int times, java.util.concurrent.Callable<String> action)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> running = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        running.add(threads.submit(action));
      }
      List<String> answers = new ArrayList<>();
      for (Future<String> one : running) {
        answers.add(one.get());
      }
      return answers;
    }
  }
}
