package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Release;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Charts are installed, changed and taken away by the real Helm. */
@ExtendWith(SimulatedCluster.class)
final class HelmIT {

  private final HelmRelease release;

  HelmIT(Kubectl kubectl) {
    release = new HelmRelease(kubectl, "shop", "shop", "helm");
  }

  @Test
  void aReleaseIsInstalledUpgradedAndUninstalled() {
    Release installed = release.install().call();
    assertThat(installed.getStatus()).isEqualTo("deployed");
    assertThat(release.ok("get deployment shop -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("2");
    assertThat(release.ok("get configmap shop-prepared -o jsonpath={.data.revision}"))
        .isEqualTo("1");

    release.upgrade().set("colour", "red").set("replicas", 3).call();
    assertThat(release.ok("get configmap shop-settings -o jsonpath={.data.colour}"))
        .isEqualTo("red");
    assertThat(release.ok("get deployment shop -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("3");
    assertThat(release.ok("get configmap shop-prepared -o jsonpath={.data.revision}"))
        .isEqualTo("2");

    release.uninstall();
    assertThat(release.ok("get deployments,services -o name")).isEmpty();
  }
}
