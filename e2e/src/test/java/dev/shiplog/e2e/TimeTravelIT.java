package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The past as people at a terminal see it: kubectl, and the commands beside it. */
@ExtendWith(SimulatedCluster.class)
class TimeTravelIT {

  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private static final String TWO_MAPS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: first}
      data: {v: "1"}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: %s}
      data: {v: "1"}
      """;

  @TempDir private Path directory;

  private static Run shiplog(Product product, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", product.data().resolve("kubeconfig").toString()));
    return product.run(all, AT_MOST);
  }

  @Test
  void aDeploymentsHistoryIsToldComparedAndUndone(Product product, Kubectl kubectl) {
    kubectl.ok("create namespace past");
    kubectl.ok("-n past create deployment web --image=registry.example/a:1");
    kubectl.ok("-n past rollout status deployment/web --timeout=120s");
    String before =
        kubectl.ok("-n past get deployment web -o jsonpath={.metadata.resourceVersion}").strip();
    kubectl.ok("-n past set image deployment/web a=registry.example/a:2");
    kubectl.ok("-n past create configmap late --from-literal=k=v");

    Run history = shiplog(product, "history", "deploy/web", "-n", "past");
    assertThat(history.exit()).as(history.toString()).isZero();
    assertThat(history.out())
        .contains(
            "Create", "kubernetes-admin", "image: registry.example/a:1 → registry.example/a:2");

    Run diff = shiplog(product, "diff", "deployment/web", "-n", "past", "--from", before);
    assertThat(diff.exit()).as(diff.toString()).isEqualTo(1);
    assertThat(diff.out())
        .containsPattern("(?m)^- +image: registry.example/a:1$")
        .containsPattern("(?m)^\\+ +image: registry.example/a:2$");

    assertThat(kubectl.ok("-n past get changes")).contains("deployments.apps/web");

    Run unanswered = shiplog(product, "rewind", "past", "--to", before);
    assertThat(unanswered.exit()).as(unanswered.toString()).isNotZero();
    assertThat(unanswered.out()).contains("Update deployment/web", "Delete configmap/late");

    Run rewind = shiplog(product, "rewind", "past", "--to", before, "--yes");
    assertThat(rewind.exit()).as(rewind.toString()).isZero();
    assertThat(
            kubectl.ok(
                "-n past get deployment web -o jsonpath={.spec.template.spec.containers[0].image}"))
        .isEqualTo("registry.example/a:1");
    kubectl.ok("-n past rollout status deployment/web --timeout=120s");
  }

  @Test
  void whatFollowedFromADeploymentIsToldAsATree(Product product, Kubectl kubectl) {
    kubectl.ok("create namespace followed");
    kubectl.ok("-n followed create deployment web --image=registry.example/a:1");
    kubectl.ok("-n followed rollout status deployment/web --timeout=120s");

    Run trace = shiplog(product, "trace", "deployment/web", "-n", "followed");
    assertThat(trace.exit()).as(trace.toString()).isZero();
    assertThat(trace.out())
        .containsPattern("(?m)^deployment/web\n +\\+0\\.000 s  create, by kubernetes-admin$")
        .containsPattern("(?m)^    replicaset/web-.*\n +\\+.* s  create, by deployment-controller$")
        .containsPattern("(?m)^        pod/web-.*\n +\\+.* s  create, by replicaset-controller$")
        .containsPattern("phase: .*Running.*, by node:");
  }

  @Test
  void manifestsAreAppliedTogetherOrNotAtAll(Product product, Kubectl kubectl) throws IOException {
    kubectl.ok("create namespace together");
    Files.writeString(directory.resolve("bad.yaml"), TWO_MAPS.formatted("Not_A_Name"));

    Run refused =
        shiplog(product, "apply", "--atomic", "-n", "together", "-f", directory.toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.toString()).contains("Not_A_Name");
    assertThat(kubectl.ok("-n together get configmap -o name")).doesNotContain("first");

    Files.writeString(directory.resolve("bad.yaml"), TWO_MAPS.formatted("second"));
    Run applied =
        shiplog(product, "apply", "--atomic", "-n", "together", "-f", directory.toString());
    assertThat(applied.exit()).as(applied.toString()).isZero();
    assertThat(applied.out())
        .contains("configmap/first created", "configmap/second created", "all at once");
  }
}
