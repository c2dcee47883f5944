package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every kind of workload, created, updated, scaled and deleted with kubectl. */
@ExtendWith(SimulatedCluster.class)
final class WorkloadsIT {

  private static final String DAEMONS =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: watcher}
      spec:
        selector: {matchLabels: {app: watcher}}
        template:
          metadata: {labels: {app: watcher}}
          spec: {containers: [{name: c, image: "busybox:1"}]}
      """;

  private final Kubectl kubectl;
  private String namespace;

  WorkloadsIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    namespace = "w-" + Integer.toHexString(test.getDisplayName().hashCode());
    kubectl.ok("create namespace " + namespace);
  }

  @AfterEach
  void removeNamespace() {
    kubectl.ok("delete namespace " + namespace + " --timeout=60s");
  }

  @Test
  void aStatefulSetNumbersItsPodsAndGivesThemUpFromTheEnd() {
    create(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          serviceName: db
          replicas: 3
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: c, image: "busybox:1"}]}
        """);
    in("rollout status statefulset/db --timeout=60s");
    assertThat(podNames("app=db")).containsExactly("db-0", "db-1", "db-2");

    in("scale statefulset db --replicas=1");
    await("get pods -l app=db -o name", "pod/db-0");
    in("set image statefulset/db c=busybox:2");
    in("rollout status statefulset/db --timeout=60s");
    assertThat(in("get pod db-0 -o jsonpath={.spec.containers[0].image}")).isEqualTo("busybox:2");
    assertThat(in("rollout history statefulset/db")).contains("1", "2");
    in("rollout undo statefulset/db");
    await(
        "get pod db-0 -o jsonpath={.spec.containers[0].image},{.status.phase}",
        "busybox:1,Running");
  }

  @Test
  void aDaemonSetRunsOnEveryNodeAndRollsOver() {
    create(DAEMONS);
    in("rollout status daemonset/watcher --timeout=60s");
    String nodes = "" + kubectl.ok("get nodes -o name").lines().count();
    assertThat(in("get ds watcher -o jsonpath={.status.numberReady}")).isEqualTo(nodes);

    in("set image daemonset/watcher c=busybox:2");
    in("rollout status daemonset/watcher --timeout=60s");
    assertThat(in("get pods -l app=watcher -o jsonpath={.items[*].spec.containers[0].image}"))
        .contains("busybox:2")
        .doesNotContain("busybox:1");
    assertThat(in("rollout history daemonset/watcher")).contains("1", "2");
  }

  @Test
  void undoneADaemonSetRunsItsOldTemplateOnEveryNode() {
    create(DAEMONS);
    in("rollout status daemonset/watcher --timeout=60s");
    in("set image daemonset/watcher c=busybox:2");
    in("rollout status daemonset/watcher --timeout=60s");

    in("rollout undo daemonset/watcher");
    in("rollout status daemonset/watcher --timeout=60s");
    assertThat(in("get pods -l app=watcher -o jsonpath={.items[*].spec.containers[0].image}"))
        .contains("busybox:1")
        .doesNotContain("busybox:2");
    in("rollout restart daemonset/watcher");
    in("rollout status daemonset/watcher --timeout=60s");

    in("delete daemonset watcher --cascade=foreground --timeout=60s");
    assertThat(in("get pods -l app=watcher -o name")).isEmpty();
  }

  @Test
  void aReplicaSetAndAControllerAreScaledAndDeletedWithAndWithoutTheirPods() {
    create(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: set}
        spec:
          replicas: 1
          selector: {matchLabels: {app: set}}
          template:
            metadata: {labels: {app: set}}
            spec: {containers: [{name: c, image: busybox}]}
        ---
        apiVersion: v1
        kind: ReplicationController
        metadata: {name: old}
        spec:
          replicas: 1
          template:
            metadata: {labels: {app: old}}
            spec: {containers: [{name: c, image: busybox}]}
        """);
    in("scale rs/set rc/old --replicas=2");
    await("get rs set -o jsonpath={.status.readyReplicas}", "2");
    await("get rc old -o jsonpath={.status.readyReplicas}", "2");

    in("delete rs set --cascade=orphan");
    await("get pods -l app=set -o jsonpath={.items[*].metadata.ownerReferences}", "");
    assertThat(in("get pods -l app=set -o name").lines()).hasSize(2);
    in("delete rc old --cascade=foreground --timeout=60s");
    assertThat(in("get pods -l app=old -o name")).isEmpty();
  }

  @Test
  void aJobIsSuspendedResumedAndItsParallelismChanged() {
    create(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: long}
        spec:
          completions: 4
          parallelism: 2
          template:
            spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
        """);
    await("get job long -o jsonpath={.status.active}", "2");
    in("patch job long -p {\"spec\":{\"parallelism\":3}}");
    await("get job long -o jsonpath={.status.active}", "3");
    in("patch job long -p {\"spec\":{\"suspend\":true}}");
    await("get job long -o jsonpath={.status.conditions[*].type}", "Suspended");
    in("patch job long -p {\"spec\":{\"suspend\":false}}");
    await("get job long -o jsonpath={.status.active}", "3");
    in("delete job long");
    await("get pods -l job-name=long -o name", "");
  }

  @Test
  void aJobCountsWhatCompletes() {
    create(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: sum}
        spec:
          completions: 3
          parallelism: 2
          template:
            metadata: {annotations: {simulated.shiplog.dev/run-time: 100ms}}
            spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
        """);
    in("wait --for=condition=Complete job/sum --timeout=60s");
    assertThat(in("get job sum -o jsonpath={.status.succeeded}")).isEqualTo("3");
    assertThat(in("get job sum")).contains("Complete", "3/3");
  }

  @Test
  void aJobWhosePodsFailGivesUp() {
    create(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: broken}
        spec:
          backoffLimit: 0
          template:
            metadata:
              annotations:
                simulated.shiplog.dev/run-time: 100ms
                simulated.shiplog.dev/exit-code: "3"
            spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
        """);
    in("wait --for=condition=Failed job/broken --timeout=60s");
    assertThat(in("get job broken -o jsonpath={.status.conditions[?(@.type==\"Failed\")].reason}"))
        .isEqualTo("BackoffLimitExceeded");
  }

  @Test
  void aCronJobIsStartedByHand() {
    create(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: tick}
        spec:
          schedule: "0 4 29 2 *"
          jobTemplate:
            spec:
              template:
                spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
        """);
    in("patch cronjob tick -p {\"spec\":{\"suspend\":true}}");
    in("create job now --from=cronjob/tick");
    await("get pods -l job-name=now -o jsonpath={.items[*].status.phase}", "Running");
    assertThat(in("get cronjob tick")).contains("0 4 29 2 *", "True");
    in("delete cronjob tick");
    await("get jobs -o name", "");
  }

  @Test
  void aDeploymentGoesBackToAnEarlierRevision() {
    in("create deployment shop --image=busybox:1 --replicas=2");
    in("rollout status deployment/shop --timeout=60s");
    in("set image deployment/shop busybox=busybox:2");
    in("rollout status deployment/shop --timeout=60s");
    assertThat(in("rollout history deployment/shop --revision=2")).contains("busybox:2");

    in("rollout undo deployment/shop --to-revision=1");
    in("rollout status deployment/shop --timeout=60s");
    assertThat(in("get deployment shop -o jsonpath={.spec.template.spec.containers[0].image}"))
        .isEqualTo("busybox:1");
    in("rollout pause deployment/shop");
    in("scale deployment shop --replicas=3");
    await("get deployment shop -o jsonpath={.status.readyReplicas}", "3");
    in("rollout resume deployment/shop");
    in("delete deployment shop");
    await("get replicasets,pods -l app=shop -o name", "");
  }

  @Test
  void aDrainWaitsForTheDisruptionBudget() {
    in("create deployment shop --image=busybox --replicas=2");
    in("rollout status deployment/shop --timeout=60s");
    in("create poddisruptionbudget shop --selector=app=shop --min-available=2");
    await("get pdb shop -o jsonpath={.status.currentHealthy}", "2");
    String node = in("get pods -l app=shop -o jsonpath={.items[0].spec.nodeName}");
    String drain = "drain " + node + " --pod-selector=app=shop --timeout=";
    try {
      assertThat(kubectl.run(drain + "3s").failed().err()).contains("disruption budget");

      in("delete poddisruptionbudget shop");
      assertThat(kubectl.run(drain + "60s").exit()).isZero();
      assertThat(kubectl.ok("get node " + node)).contains("SchedulingDisabled");
    } finally {
      kubectl.ok("uncordon " + node);
    }
    in("rollout status deployment/shop --timeout=60s");
  }

  @Test
  void aDeploymentIsRestartedWithAHistory() {
    in("create deployment shop --image=busybox --replicas=2");
    in("rollout status deployment/shop --timeout=60s");
    String before = in("get pods -l app=shop -o name");

    in("rollout restart deployment/shop");
    in("rollout status deployment/shop --timeout=60s");
    await("get deployment shop -o jsonpath={.status.replicas}", "2");

    assertThat(in("rollout history deployment/shop")).contains("1", "2");
    assertThat(in("get pods -l app=shop --field-selector=status.phase=Running -o name").lines())
        .doesNotContainAnyElementsOf(before.lines().toList());
  }

  /**
   * An autoscaler waits until a pod's processor use is no longer that of its starting. How its
   * target is named differs between versions of kubectl; not named, it is 80 %.
   */
  @Test
  void usageIsShownAndFollowedByAnAutoscaler() {
    create(BusyDeployment.MANIFEST);
    in("rollout status deployment/busy --timeout=60s");
    in("autoscale deployment busy --min=1 --max=3");

    assertThat(in("top pod -l app=busy --no-headers"))
        .contains(BusyDeployment.CPU, BusyDeployment.MEMORY);
    assertThat(kubectl.ok("top node --no-headers")).contains("%");
    await("get deployment busy -o jsonpath={.spec.replicas}", "3");
    assertThat(in("get hpa busy")).contains("Deployment/busy", BusyDeployment.UTILIZATION + "/80%");
    assertThat(in("describe hpa busy")).contains("SuccessfulRescale", "ScalingLimited");
  }

  private List<String> podNames(String selector) {
    String names = in("get pods -o jsonpath={.items[*].metadata.name} -l " + selector);
    return Arrays.stream(names.split(" ")).sorted().toList();
  }

  private void create(String manifest) {
    kubectl.run(List.of("-n", namespace, "create", "-f", "-"), manifest).succeeded();
  }

  private void await(String query, String expected) {
    kubectl.await("-n " + namespace + " " + query, expected);
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + namespace + " " + arguments);
  }
}
