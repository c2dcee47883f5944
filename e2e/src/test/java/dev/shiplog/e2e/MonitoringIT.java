package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard and the alert rules look at is what a cluster serves. */
@ExtendWith(SimulatedCluster.class)
final class MonitoringIT {

  private static final Path DOCUMENTS = Path.of("..", "docs", "monitoring");

  /** By how they begin: everything else in an expression is PromQL's or a label. */
  private static final Pattern METRIC =
      Pattern.compile(
          "\\b(?:apiserver|shiplog|workqueue|scheduler|kubelet|jvm|process|kafka|authentication"
              + "|authorization)_[a-z0-9_]+");

  /** Measurements of Kafka's clients are looked for once a minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Kubectl kubectl;

  MonitoringIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  private static Set<String> metricsIn(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> served() {
    return kubectl
        .ok("get --raw /metrics")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana-dashboard.json", "alerts.yaml"})
  void everyMetricThatIsLookedAtIsServed(String document) throws IOException {
    Set<String> wanted = metricsIn(Files.readString(DOCUMENTS.resolve(document)));
    assertThat(wanted).hasSizeGreaterThan(15);

    useAllParts(document);
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(served()).containsAll(wanted));
  }

  /** Nobody listens there, which is one way for it to be asked. */
  private static final String WEBHOOK =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: NAMESPACE}
      webhooks:
      - name: counted.example.com
        failurePolicy: Ignore
        sideEffects: None
        admissionReviewVersions: [v1]
        clientConfig: {url: "https://127.0.0.1:1/"}
        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
        rules:
        - {apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}
      """;

  /** Some things are counted from the first time they happen. */
  private void useAllParts(String document) {
    String namespace = "monitoring-" + document.substring(0, document.indexOf('.'));
    kubectl.ok("create namespace " + namespace);
    kubectl.ok("-n " + namespace + " run counted --image=busybox:stable --restart=Never");
    kubectl.ok("-n " + namespace + " wait --for=condition=Ready pod/counted --timeout=60s");
    kubectl.apply(WEBHOOK.replace("NAMESPACE", namespace));
    kubectl.ok("-n " + namespace + " create configmap asked-about");
    kubectl.ok("delete validatingwebhookconfiguration " + namespace);
    kubectl.ok("get --raw /api/v1/namespaces?watch=true&timeoutSeconds=1");
    kubectl.ok("delete namespace " + namespace + " --timeout=60s");
  }

  @Test
  void whoWasGivenTheRoleForItReadsThePage() {
    kubectl.ok("create serviceaccount prometheus");
    try {
      String prometheus = " --as=system:serviceaccount:default:prometheus";
      assertThat(kubectl.run("get --raw /metrics" + prometheus).err()).contains("Forbidden");
      kubectl.ok(
          "create clusterrolebinding prometheus-metrics --clusterrole=system:monitoring"
              + " --serviceaccount=default:prometheus");
      Awaitility.await()
          .until(() ->
              kubectl.run("get --raw /metrics" + prometheus).out().contains("apiserver_request"));
    } finally {
      kubectl.ok("delete serviceaccount prometheus");
      kubectl.ok("delete clusterrolebinding prometheus-metrics");
    }
  }
}
