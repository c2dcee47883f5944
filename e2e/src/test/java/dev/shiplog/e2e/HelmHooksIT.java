package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.ReleaseHistory;
import com.marcnuri.helm.UpgradeCommand;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
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

  private static final String NAMESPACE = "beacons";
  private static final String RELEASE = "light";
  private static final String DEFINITION = "crd/beacons.charts.example.com";
  private static final int PATIENCE_SECONDS = 90;

  private final Kubectl kubectl;
  private final Path kubeconfig;

  HelmHooksIT(Kubectl kubectl) {
    this.kubectl = kubectl;
    this.kubeconfig = kubectl.kubeconfig();
  }

  /** The custom resource of a chart can be made as soon as its definition is there. */
  @BeforeAll
  void install() throws URISyntaxException {
    chart()
        .install()
        .withKubeConfig(kubeconfig)
        .withName(RELEASE)
        .withNamespace(NAMESPACE)
        .createNamespace()
        .waitReady()
        .withTimeout(PATIENCE_SECONDS)
        .call();
  }

  @Test
  @Order(1)
  void whatADefinitionOfTheChartDefinesIsInstalledWithIt() {
    assertThat(in("get beacon light -o jsonpath={.spec}"))
        .isEqualTo("{\"lit\":true,\"metres\":10}");
    assertThat(in("get deployment light -o jsonpath={.status.readyReplicas}")).isEqualTo("1");
  }

  @Test
  @Order(2)
  void hooksRunInTheOrderOfTheirWeightsAndGoAsTheirPoliciesSay() {
    assertThat(in("get configmaps --sort-by=.metadata.resourceVersion -l life=hook -o name"))
        .containsSubsequence("light-z-plan", "light-a-summary", "light-post-install");
    assertThat(ended("light-migrate")).isTrue();
    assertThat(in("get jobs -o name")).isEmpty();
  }

  @Test
  @Order(3)
  void anUpgradeRunsItsHooksAndChangesTheObjects() throws URISyntaxException {
    upgrade().set("metres", 20).set("replicas", 2).call();
    assertThat(in("get beacon light -o jsonpath={.spec.metres}")).isEqualTo("20");
    assertThat(in("get deployment light -o jsonpath={.status.readyReplicas}")).isEqualTo("2");
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
    assertThatThrownBy(() -> upgrade().set("metres", 200).set("replicas", 3).atomic().call())
        .hasMessageContaining("a beacon falls over");
    assertThat(history()).containsExactly("superseded", "superseded", "failed", "deployed");
    assertThat(in("get deployment light -o jsonpath={.spec.replicas}")).isEqualTo("2");
    assertThat(in("get beacon light -o jsonpath={.spec.metres}")).isEqualTo("20");
    assertThat(revisionOf("post-rollback")).isEqualTo("2");
  }

  /** What {@code crds/} defines outlives the release, as Helm has it. */
  @Test
  @Order(5)
  void anUninstallRunsItsHooksAndLeavesTheDefinition() {
    Helm.uninstall(RELEASE).withKubeConfig(kubeconfig).withNamespace(NAMESPACE).call();
    assertThat(in("get beacons,deployments,jobs,secrets -o name")).isEmpty();
    assertThat(ended("light-farewell")).isTrue();
    assertThat(revisionOf("post-delete")).isEqualTo("2");
    assertThat(kubectl.ok("get " + DEFINITION + " -o name")).contains("beacons");
    kubectl.ok("delete " + DEFINITION);
  }

  private UpgradeCommand upgrade() throws URISyntaxException {
    return chart()
        .upgrade()
        .withKubeConfig(kubeconfig)
        .withName(RELEASE)
        .withNamespace(NAMESPACE)
        .waitReady()
        .withTimeout(PATIENCE_SECONDS);
  }

  private List<String> history() {
    return Helm.history(RELEASE).withKubeConfig(kubeconfig).withNamespace(NAMESPACE).call().stream()
        .map(ReleaseHistory::getStatus)
        .toList();
  }

  private boolean ended(String job) {
    return in("get events --field-selector=involvedObject.name=" + job + " -o jsonpath={..reason}")
        .contains("Completed");
  }

  private String revisionOf(String hook) {
    return in("get configmap light-" + hook + " -o jsonpath={.data.revision}");
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + NAMESPACE + " " + arguments);
  }

  private static Helm chart() throws URISyntaxException {
    return new Helm(Path.of(HelmHooksIT.class.getResource("/charts/beacons").toURI()));
  }
}
