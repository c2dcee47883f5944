package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people type every day works, without an error and without a warning. */
@ExtendWith(SimulatedCluster.class)
final class EverydayKubectlIT {

  private static final String CONTROLLER =
      """
      apiVersion: v1
      kind: ReplicationController
      metadata: {name: old, labels: {app: old}}
      spec:
        replicas: 2
        selector: {app: old}
        template:
          metadata: {labels: {app: old}}
          spec:
            terminationGracePeriodSeconds: 0
            containers: [{name: old, image: "busybox:stable", ports: [{containerPort: 6379}]}]
      """;

  private final Kubectl kubectl;
  private String namespace;

  EverydayKubectlIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @BeforeEach
  void ownNamespace(TestInfo test) {
    namespace = "t-" + Integer.toHexString(test.getDisplayName().hashCode());
    kubectl.ok("create namespace " + namespace);
  }

  @AfterEach
  void removeNamespace() {
    kubectl.ok("delete namespace " + namespace + " --timeout=60s");
  }

  @Test
  void versionAndClusterInfoAnswer() {
    // An older kubectl warns that it is older.
    assertThat(kubectl.run("version -o yaml").out())
        .contains("serverVersion")
        .contains("minor: \"36\"");
    assertThat(kubectl.ok("cluster-info")).contains("is running at");
    assertThat(kubectl.ok("get --raw /readyz")).isEqualTo("ok");
  }

  @Test
  void theStandardNamespacesAreThere() {
    assertThat(kubectl.ok("get namespaces -o name").lines())
        .contains(
            "namespace/default",
            "namespace/kube-system",
            "namespace/kube-public",
            "namespace/kube-node-lease");
  }

  @Test
  void apiResourcesAreListed() {
    assertThat(kubectl.ok("api-resources"))
        .contains("deployments", "apps/v1", "deploy", "configmaps", "networkpolicies");
    assertThat(kubectl.ok("api-versions").lines()).contains("v1", "apps/v1", "batch/v1");
  }

  @Test
  void fieldsAreExplained() {
    assertThat(kubectl.ok("explain deployment.spec.strategy")).contains("rollingUpdate", "type");
    assertThat(kubectl.ok("explain pod --recursive")).contains("livenessProbe");
  }

  @Test
  void aDeploymentIsCreatedExposedScaledAndDescribed() {
    in("create deployment shop --image=busybox:stable --replicas=2");
    in("rollout status deployment/shop --timeout=60s");
    in("expose deployment shop --port=80 --target-port=8080");
    assertThat(in("get service shop -o jsonpath={.spec.clusterIP}")).startsWith("10.96.");
    in("scale deployment shop --replicas=3");
    kubectl.await("-n " + namespace + " get deploy shop -o jsonpath={.status.readyReplicas}", "3");
    assertThat(in("get deployment shop")).contains("NAME", "READY", "UP-TO-DATE", "3/3");
    assertThat(in("get deployment,replicaset,pod,service,endpointslice -o wide"))
        .contains("deployment.apps/shop", "CONTAINERS", "busybox:stable", "service/shop");
    assertThat(in("describe deployment shop"))
        .contains("RollingUpdateStrategy", "Available", "ScalingReplicaSet");
    assertThat(in("describe service shop")).contains("Endpoints:");
    in("rollout history deployment/shop");
    in("rollout restart deployment/shop");
    in("rollout status deployment/shop --timeout=60s");
  }

  @Test
  void aLoadBalancerGetsAnAddressOfThePool() {
    in("create service loadbalancer shop --tcp=80:8080");
    in("wait --for=jsonpath={.status.loadBalancer.ingress} service/shop --timeout=60s");

    assertThat(in("get service shop -o jsonpath={.status.loadBalancer.ingress[*].ip}"))
        .startsWith("10.112.0.");
    assertThat(in("describe service shop")).contains("EnsuredLoadBalancer");
  }

  @Test
  void aPodRunsAndIsWaitedFor() {
    in("run task --image=busybox:stable --restart=Never");
    in("wait --for=condition=Ready pod/task --timeout=60s");
    assertThat(in("get pod task -o wide")).contains("NAME", "READY", "NODE", "1/1", "Running");
    assertThat(in("describe pod task")).contains("Scheduled", "Started", "QoS Class");
    in("logs task");
    in("delete pod task");
    kubectl.await("-n " + namespace + " get pods -o name", "");
  }

  @Test
  void aReplicationControllerIsExposedScaledAndDescribed() {
    Run made = kubectl.run(List.of("-n", namespace, "create", "-f", "-"), CONTROLLER).succeeded();
    assertThat(made.out()).contains("replicationcontroller/old created");
    kubectl.await("-n " + namespace + " get rc old -o jsonpath={.status.readyReplicas}", "2");
    in("expose rc old --name=older --port=1234 --target-port=6379");
    in("expose service older --name=oldest --port=2345 --target-port=6379");
    kubectl.await(
        "-n "
            + namespace
            + " get endpointslices -l kubernetes.io/service-name=oldest"
            + " -o jsonpath={.items[*].ports[*].port}",
        "6379");
    in("scale rc old --replicas=1 --timeout=60s");
    kubectl.await(
        "-n " + namespace + " get pods -l app=old -o jsonpath={.items[*].status.phase}", "Running");
    String pod = in("get pods -l app=old -o name");
    in("patch " + pod + " -p {\"metadata\":{\"annotations\":{\"x\":\"y\"}}}");
    assertThat(in("describe rc old"))
        .contains("Replicas:", "1 current / 1 desired", "SuccessfulCreate");
    assertThat(in("describe " + pod))
        .contains("Controlled By:", "ReplicationController/old", "x: y");
  }

  @Test
  void theImageOfAPodIsReplaced() {
    in("run task --image=busybox:stable");
    // Without a revision, since its node goes on to write its status.
    String before = in("get pod task -o json").replaceFirst("\"resourceVersion\": \"\\d+\",", "");
    kubectl
        .run(
            List.of("-n", namespace, "replace", "-f", "-"),
            before.replace("\"image\": \"busybox:stable\"", "\"image\": \"busybox:musl\""))
        .succeeded();
    assertThat(in("get pod task -o jsonpath={.spec.containers[0].image}"))
        .isEqualTo("busybox:musl");
  }

  @Test
  void labelsAndAnnotationsChange() {
    in("create configmap settings --from-literal=colour=blue");
    in("label configmap settings tier=front");
    in("annotate configmap settings note=checked");
    assertThat(in("get configmap -l tier=front -o name")).isEqualTo("configmap/settings");
    assertThat(in("get configmap -l tier!=front,colour -o name")).isEmpty();
    assertThat(in("get configmap settings -o yaml")).contains("note: checked", "colour: blue");
    in("label configmap settings tier-");
    assertThat(in("get configmap settings --show-labels")).contains("<none>");
  }

  @Test
  void objectsArePatchedInEveryWay() {
    in("create configmap settings --from-literal=colour=blue");
    in("patch configmap settings --type=merge -p {\"data\":{\"colour\":\"red\"}}");
    in(
        "patch configmap settings --type=json -p"
            + " [{\"op\":\"add\",\"path\":\"/data/size\",\"value\":\"big\"}]");
    in("patch configmap settings -p {\"data\":{\"shape\":\"round\"}}");
    assertThat(in("get configmap settings -o jsonpath={.data}"))
        .isEqualTo("{\"colour\":\"red\",\"shape\":\"round\",\"size\":\"big\"}");
  }

  @Test
  void applyingAgainChangesOnlyWhatDiffers() {
    String manifest =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
          namespace: %s
        data:
          colour: %s
        """;
    kubectl.apply(manifest.formatted(namespace, "blue"));
    String revision = in("get configmap settings -o jsonpath={.metadata.resourceVersion}");
    assertThat(kubectl.apply(manifest.formatted(namespace, "blue")))
        .isEqualTo("configmap/settings unchanged");
    assertThat(in("get configmap settings -o jsonpath={.metadata.resourceVersion}"))
        .isEqualTo(revision);
    assertThat(kubectl.apply(manifest.formatted(namespace, "red")))
        .isEqualTo("configmap/settings configured");
  }

  @Test
  void secretsAndQuotedNamesAreKept() {
    in("create secret generic key --from-literal=password=s3cret");
    assertThat(in("get secret key -o jsonpath={.data.password}")).isEqualTo("czNjcmV0");
    assertThat(in("describe secret key")).contains("password:  6 bytes");
  }

  @Test
  void watchingShowsWhatIsThereAndStopsInTime() {
    in("create configmap settings --from-literal=colour=blue");
    Run run =
        kubectl.run(List.of("-n", namespace, "get", "configmaps", "-w", "--request-timeout=2s"));
    assertThat(run.out()).contains("settings");
  }

  @Test
  void permissionsAndIdentityAreAnswered() {
    assertThat(kubectl.ok("auth whoami")).contains("kubernetes-admin", "X509SHA256=");
    assertThat(kubectl.ok("auth can-i create deployments")).isEqualTo("yes");
  }

  @Test
  void theAddressOfAServiceIsAnObjectWhileThereIsTheService() {
    in("create service clusterip web --tcp=80");
    String address = in("get service web -o jsonpath={.spec.clusterIP}");

    assertThat(kubectl.ok("get ipaddress " + address)).contains("services/" + namespace + "/web");
    assertThat(kubectl.ok("get servicecidr kubernetes")).contains("10.96.0.0/16");
    in("delete service web");
    assertThat(kubectl.ok("get ipaddresses -o name")).doesNotContain(address + "\n");
  }

  @Test
  void aNodeHasACsiNode() {
    kubectl.await(
        "get csinodes -o jsonpath={.items[*].metadata.ownerReferences[*].name}",
        kubectl.ok("get nodes -o jsonpath={.items[*].metadata.name}"));
  }

  @Test
  void aServerDryRunLeavesNothing() {
    in("create configmap ghost --from-literal=a=b --dry-run=server");
    assertThat(in("get configmaps -o name")).doesNotContain("ghost");
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + namespace + " " + arguments);
  }
}
