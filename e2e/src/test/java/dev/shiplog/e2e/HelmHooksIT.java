package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A chart with a definition in {@code crds/} and hooks at every turn of a release's life, in the
 * order of that life.
 */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HelmHooksIT {

  private static final String DEFINITION = "crd/beacons.charts.example.com";

  private final Kubectl kubectl;
  private final HelmRelease release;

  HelmHooksIT(Kubectl kubectl) {
    this.kubectl = kubectl;
    release = new HelmRelease(kubectl, "beacons", "light", "beacons");
  }

  /** The custom resource of a chart can be made as soon as its definition is there. */
  @BeforeAll
  void install() {
    release.install().call();
  }

  @Test
  @Order(1)
  void whatADefinitionOfTheChartDefinesIsInstalledWithIt() {
    assertThat(release.ok("get beacon light -o jsonpath={.spec}"))
        .isEqualTo("{\"lit\":true,\"metres\":10}");
    assertThat(release.ok("get deployment light -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("1");
  }

  @Test
  @Order(2)
  void hooksRunInTheOrderOfTheirWeightsAndGoAsTheirPoliciesSay() {
    assertThat(
            release.ok("get configmaps --sort-by=.metadata.resourceVersion -l life=hook -o name"))
        .containsSubsequence("light-z-plan", "light-a-summary", "light-post-install");
    assertThat(ended("light-migrate")).isTrue();
    assertThat(release.ok("get jobs -o name")).isEmpty();
  }

  @Test
  @Order(3)
  void anUpgradeRunsItsHooksAndChangesTheObjects() {
    release.upgrade().set("metres", 20).set("replicas", 2).call();
    assertThat(release.ok("get beacon light -o jsonpath={.spec.metres}")).isEqualTo("20");
    assertThat(release.ok("get deployment light -o jsonpath={.status.readyReplicas}"))
        .isEqualTo("2");
    assertThat(revisionOf("z-plan")).isEqualTo("2");
    assertThat(revisionOf("post-upgrade")).isEqualTo("2");
    assertThat(revisionOf("post-install")).isEqualTo("1");
  }

  /**
   * The deployment is changed before the server refuses the beacon, and must be changed back. The
   * hooks of a rollback are those of the revision that it goes back to.
   */
  @Test
  @Order(4)
  void anUpgradeThatTheServerRefusesIsRolledBack() {
    assertThatThrownBy(
            () -> release.upgrade().set("metres", 200).set("replicas", 3).atomic().call())
        .hasMessageContaining("a beacon falls over");
    assertThat(release.history()).containsExactly("superseded", "superseded", "failed", "deployed");
    assertThat(release.ok("get deployment light -o jsonpath={.spec.replicas}")).isEqualTo("2");
    assertThat(release.ok("get beacon light -o jsonpath={.spec.metres}")).isEqualTo("20");
    assertThat(revisionOf("post-rollback")).isEqualTo("2");
  }

  /** What {@code crds/} defines outlives the release, as Helm has it. */
  @Test
  @Order(5)
  void anUninstallRunsItsHooksAndLeavesTheDefinition() {
    release.uninstall();
    assertThat(release.ok("get beacons,deployments,jobs,secrets -o name")).isEmpty();
    assertThat(ended("light-farewell")).isTrue();
    assertThat(revisionOf("post-delete")).isEqualTo("2");
    assertThat(kubectl.ok("get " + DEFINITION + " -o name")).contains("beacons");
    kubectl.ok("delete " + DEFINITION);
  }

  private boolean ended(String job) {
    return release
        .ok("get events --field-selector=involvedObject.name=" + job + " -o jsonpath={..reason}")
        .contains("Completed");
  }

  private String revisionOf(String hook) {
    return release.ok("get configmap light-" + hook + " -o jsonpath={.data.revision}");
  }
}
