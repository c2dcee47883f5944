package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Charts are installed, changed and taken away by the real Helm. */
@ExtendWith(SimulatedCluster.class)
final class HelmIT {

  private static final String NAMESPACE = "helm";
  private static final String RELEASE = "shop";
  private static final String CONTROL = "control";
  private static final String OWN_RELEASE = "shiplog";
  private static final String CERTIFICATES =
      Stream.of(
              "ca.crt",
              "ca.key",
              "sa.key",
              "apiserver-chain.crt",
              "apiserver.key",
              "apiserver-peer.crt",
              "apiserver-peer.key",
              "apiserver-kubelet-client.crt",
              "apiserver-kubelet-client.key",
              "controllers.kubeconfig")
          .map(file -> " --from-literal=" + file + "=x")
          .collect(Collectors.joining());
  private static final int PATIENCE_SECONDS = 90;

  private final Kubectl kubectl;
  private final Path kubeconfig;

  HelmIT(Kubectl kubectl) {
    this.kubectl = kubectl;
    this.kubeconfig = kubectl.kubeconfig();
  }

  @Test
  void aReleaseIsInstalledUpgradedAndUninstalled() throws URISyntaxException {
    Release installed =
        chart()
            .install()
            .withKubeConfig(kubeconfig)
            .withName(RELEASE)
            .withNamespace(NAMESPACE)
            .createNamespace()
            .waitReady()
            .withTimeout(PATIENCE_SECONDS)
            .call();
    assertThat(installed.getStatus()).isEqualTo("deployed");
    assertThat(in("get deployment shop -o jsonpath={.status.readyReplicas}")).isEqualTo("2");
    assertThat(in("get configmap shop-prepared -o jsonpath={.data.revision}")).isEqualTo("1");

    chart()
        .upgrade()
        .withKubeConfig(kubeconfig)
        .withName(RELEASE)
        .withNamespace(NAMESPACE)
        .set("colour", "red")
        .set("replicas", 3)
        .waitReady()
        .withTimeout(PATIENCE_SECONDS)
        .call();
    assertThat(in("get configmap shop-settings -o jsonpath={.data.colour}")).isEqualTo("red");
    assertThat(in("get deployment shop -o jsonpath={.status.readyReplicas}")).isEqualTo("3");
    assertThat(in("get configmap shop-prepared -o jsonpath={.data.revision}")).isEqualTo("2");

    Helm.uninstall(RELEASE).withKubeConfig(kubeconfig).withNamespace(NAMESPACE).call();
    assertThat(in("get deployments,services -o name")).isEmpty();
  }

  /** Its pods are simulated, so what is shown is the chart, and what a cluster makes of it. */
  @Test
  void ourOwnChartIsInstalledUpgradedTestedAndUninstalled() throws URISyntaxException {
    String there = "-n " + CONTROL + " ";
    Path values = resource("/charts/shiplog/simulated.values.yaml");
    kubectl.ok("create namespace " + CONTROL);
    // A simulated job makes nothing.
    kubectl.ok(there + "create secret generic shiplog-certificates" + CERTIFICATES);
    Release installed =
        ownChart()
            .install()
            .withKubeConfig(kubeconfig)
            .withName(OWN_RELEASE)
            .withNamespace(CONTROL)
            .withValuesFile(values)
            .waitReady()
            .withTimeout(PATIENCE_SECONDS)
            .call();
    assertThat(installed.getStatus()).isEqualTo("deployed");
    assertThat(
            kubectl.ok(there + "get statefulset shiplog-api -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("2");
    // The job for certificates has run, and nothing of it is left.
    assertThat(kubectl.ok(there + "get jobs,roles,rolebindings -o name")).isEmpty();

    ownChart()
        .upgrade()
        .withKubeConfig(kubeconfig)
        .withName(OWN_RELEASE)
        .withNamespace(CONTROL)
        .withValuesFile(values)
        .set("controllers.replicas", 3)
        .waitReady()
        .withTimeout(PATIENCE_SECONDS)
        .call();
    assertThat(
            kubectl.ok(
                there + "get deployment shiplog-controllers -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("3");

    Helm.test(OWN_RELEASE).withKubeConfig(kubeconfig).withNamespace(CONTROL).call();
    assertThat(kubectl.ok(there + "get pod shiplog-test -o jsonpath={.status.phase}"))
        .isEqualTo("Succeeded");

    Helm.uninstall(OWN_RELEASE).withKubeConfig(kubeconfig).withNamespace(CONTROL).call();
    assertThat(kubectl.ok(there + "get deployments,statefulsets,services -o name")).isEmpty();
  }

  private static Helm ownChart() {
    return new Helm(Product.checkout().resolve("helm").resolve("shiplog"));
  }

  private static Helm chart() throws URISyntaxException {
    return new Helm(resource("/charts/shop"));
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(HelmIT.class.getResource(name).toURI());
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + NAMESPACE + " " + arguments);
  }
}
