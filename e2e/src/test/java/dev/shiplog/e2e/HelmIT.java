package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Charts are installed, changed and taken away by the real Helm. */
@ExtendWith(SimulatedCluster.class)
final class HelmIT {

  private static final String NAMESPACE = "helm";
  private static final String RELEASE = "shop";
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

  private static Helm chart() throws URISyntaxException {
    return new Helm(Path.of(HelmIT.class.getResource("/charts/shop").toURI()));
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + NAMESPACE + " " + arguments);
  }
}
