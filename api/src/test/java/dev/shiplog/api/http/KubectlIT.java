package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everyday use with the kubectl that is installed here. */
@QuarkusTest
@QuarkusTestResource(value = TlsFiles.class, restrictToAnnotatedClass = true)
class KubectlIT {

  @TestHTTPResource(value = "/", tls = true)
  URI server;

  private Path home;

  @BeforeEach
  void findKubectl(@TempDir Path directory) throws Exception {
    home = directory;
    assumeTrue(
        new ProcessBuilder("sh", "-c", "command -v kubectl").start().waitFor() == 0,
        "kubectl is not installed");
    Files.writeString(
        home.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "https://localhost:%d", certificate-authority: "%s"}}]
        users: [{name: admin, user: {client-certificate: "%s", client-key: "%s"}}]
        contexts: [{name: test, context: {cluster: test, user: admin}}]
        """
            .formatted(
                server.getPort(),
                TlsFiles.file("ca.crt"),
                TlsFiles.file("admin.crt"),
                TlsFiles.file("admin.key")));
  }

  private record Result(int code, String out, String err) {}

  private Result kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", home.resolve("config").toString());
    builder.environment().put("HOME", home.toString());
    Path err = Files.createTempFile(home, "err", "");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, Files.readString(err));
  }

  /** What kubectl says, and that it says so without a warning or an error. */
  private String good(String... arguments) throws IOException, InterruptedException {
    Result result = kubectl(arguments);
    assertThat(result.err()).as(String.join(" ", arguments)).isEmpty();
    assertThat(result.code()).as(String.join(" ", arguments)).isZero();
    return result.out();
  }

  private Path file(String yaml) throws IOException {
    Path file = Files.createTempFile(home, "manifest", ".yaml");
    return Files.writeString(file, yaml);
  }

  @Test
  void appliesAManifestTwiceAndShowsIt() throws Exception {
    Path manifest =
        file(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: page, labels: {app: web}}
            data: {index.html: hello}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers: [{name: web, image: "registry.example/web:1", ports: [{containerPort: 80}]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
            """);

    assertThat(good("apply", "-f", manifest.toString()))
        .contains("configmap/page created", "deployment.apps/web created", "service/web created");
    assertThat(good("apply", "-f", manifest.toString()))
        .contains("configmap/page unchanged", "web unchanged", "service/web unchanged");
    assertThat(good("get", "deploy,svc,cm", "-l", "app=web")).contains("web", "page", "0/3");
    assertThat(
            good("get", "svc", "web", "-o", "jsonpath={.spec.clusterIP} {.spec.ports[0].nodePort}"))
        .matches("10\\.96\\.\\d+\\.\\d+ 3\\d{4}");
    assertThat(good("get", "ipaddresses")).contains("services/default/web");
    assertThat(good("get", "servicecidrs")).containsPattern("kubernetes +10\\.96\\.0\\.0/16");
    assertThat(good("scale", "deploy/web", "--replicas=2")).contains("scaled");
    assertThat(good("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}")).isEqualTo("2");
    assertThat(good("delete", "-f", manifest.toString(), "--wait=false")).contains("deleted");
  }

  @Test
  void changesObjectsInEverydayWays() throws Exception {
    good("create", "configmap", "every", "--from-literal=a=1");
    good("label", "cm", "every", "tier=front");
    good("annotate", "cm", "every", "note=yes");
    good("patch", "cm", "every", "--type=merge", "-p", "{\"data\":{\"b\":\"2\"}}");
    good("patch", "cm", "every", "--type=json", "-p", "[{\"op\":\"remove\",\"path\":\"/data/a\"}]");

    assertThat(good("get", "cm", "every", "-o", "yaml")).contains("b: \"2\"", "tier: front");
    assertThat(good("describe", "cm", "every")).contains("note: yes");
    assertThat(good("get", "cm", "-l", "tier in (front)", "-o", "name")).contains("every");
    assertThat(good("delete", "cm", "every")).contains("deleted");
  }

  @Test
  void saysOnceWhatAFieldThatIsAnObjectIs() throws Exception {
    String affinity = "Affinity is a group of affinity scheduling rules.";

    assertThat(good("explain", "pod.spec")).containsOnlyOnce(affinity);
    assertThat(good("explain", "pod.spec.affinity")).containsOnlyOnce(affinity);
    assertThat(good("explain", "pod"))
        .contains("spec\t<PodSpec>\n    PodSpec is a description of a pod.");
    assertThat(good("explain", "pod.spec.containers.resources", "--recursive")).contains("limits");
    assertThat(good("explain", "pod.spec").split("PodSpec is a description", -1)).hasSize(2);
  }

  @Test
  void explainsAndListsWhatThereIs() throws Exception {
    assertThat(good("api-resources")).contains("deployments", "horizontalpodautoscalers");
    assertThat(good("api-versions")).contains("apps/v1", "v1");
    assertThat(good("explain", "deployment.spec.strategy")).contains("rollingUpdate");
    assertThat(kubectl("version").out()).contains("v1.36");
    assertThat(good("auth", "can-i", "create", "pods")).contains("yes");
    assertThat(good("auth", "whoami"))
        .contains("boss", "system:masters", "authentication.kubernetes.io/credential-id")
        .containsPattern("X509SHA256=[0-9a-f]{64}\\b");
    assertThat(good("get", "ns")).contains("default", "kube-system", "Active");
    assertThat(good("get", "--raw", "/readyz?verbose")).contains("[+]journal ok");
  }

  @Test
  void createsWithGenerators() throws Exception {
    good("create", "namespace", "gen");
    good("create", "serviceaccount", "default", "-n", "gen");
    good("create", "deployment", "gen", "--image=registry.example/gen:1", "-n", "gen");
    good("expose", "deployment", "gen", "--port=80", "-n", "gen");
    good("run", "one", "--image=registry.example/one:1", "-n", "gen");
    good("create", "secret", "generic", "s", "--from-literal=k=v", "-n", "gen");
    good("create", "job", "j", "--image=registry.example/one:1", "-n", "gen");

    assertThat(good("get", "pods", "-n", "gen", "-o", "wide")).contains("one", "Pending");
    assertThat(good("describe", "pod", "one", "-n", "gen"))
        .contains("Pending", "not-ready:NoExecute");
    assertThat(good("create", "token", "default", "-n", "gen")).contains(".");
    good("delete", "pod", "one", "-n", "gen");
    good("delete", "namespace", "gen", "--wait=false");
    assertThat(good("get", "ns", "gen")).contains("Terminating");
    assertThat(kubectl("create", "cm", "late", "-n", "gen").err())
        .contains("because it is being terminated");
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(kubectl("get", "cm", "absent").err())
        .contains("Error from server (NotFound): configmaps \"absent\" not found");
    Path manifest = file("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd}\nspecs: {a: 1}\n");
    assertThat(kubectl("apply", "-f", manifest.toString()).err())
        .contains("strict decoding error: unknown field \"specs\"");
  }
}
