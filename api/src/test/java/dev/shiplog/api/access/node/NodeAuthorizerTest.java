package dev.shiplog.api.access.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Objects;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.UserInfo;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Node {@code n1} runs the pod {@code team/web}; {@code n2} runs nothing. */
class NodeAuthorizerTest {

  private static final String POD =
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"team","name":"web"},
       "spec":{"nodeName":"%s","serviceAccountName":"robot",
        "imagePullSecrets":[{"name":"pull"}],
        "initContainers":[{"env":[{"valueFrom":{"configMapKeyRef":{"name":"settings"}}}]}],
        "containers":[{"envFrom":[{"secretRef":{"name":"environment"}}],
          "env":[{"valueFrom":{"secretKeyRef":{"name":"password"}}}]}],
        "volumes":[{"name":"s","secret":{"secretName":"certificate"}},
         {"name":"p","projected":{"sources":[{"configMap":{"name":"kube-root-ca.crt"}}]}},
         {"name":"c","csi":{"driver":"d","nodePublishSecretRef":{"name":"mount"}}},
         {"name":"e","ephemeral":{"volumeClaimTemplate":{}}},
         {"name":"d","persistentVolumeClaim":{"claimName":"data"}}]}}
      """;

  private final NodeGraph graph = new NodeGraph();
  private final NodeAuthorizer authorizer = new NodeAuthorizer(() -> graph);
  private final StoredObject pod = Objects.stored(POD.formatted("n1"));

  @BeforeEach
  void bind() {
    StoredObject pending = Objects.stored(POD.formatted(""));
    graph.change(null, pending);
    graph.change(pending, pod);
    graph.change(
        null,
        Objects.stored(
            """
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"disk"},
             "spec":{"claimRef":{"namespace":"team","name":"data"},
              "csi":{"nodeStageSecretRef":{"namespace":"storage","name":"stage"}}}}
            """));
    graph.change(
        null,
        Objects.stored(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"team\",\"name\":\"pending\"}}"));
  }

  private boolean may(String node, String verb, String what, String namespace, String name) {
    int dot = what.indexOf('.');
    String resource = dot < 0 ? what : what.substring(0, dot);
    int slash = resource.indexOf('/');
    Attributes asked =
        new Attributes(
            verb,
            dot < 0 ? "" : what.substring(dot + 1),
            "v1",
            slash < 0 ? resource : resource.substring(0, slash),
            slash < 0 ? "" : resource.substring(slash + 1),
            namespace.equals("-") ? "" : namespace,
            name.equals("-") ? "" : name,
            "");
    return authorizer
        .authorize(UserInfo.of("system:node:" + node, "system:nodes"), asked)
        .allowed();
  }

  @ParameterizedTest
  @CsvSource({
    "get, secrets, team, certificate",
    "get, secrets, team, password",
    "get, secrets, team, environment",
    "get, secrets, team, pull",
    "get, secrets, team, mount",
    "get, secrets, storage, stage",
    "watch, secrets, team, certificate",
    "get, configmaps, team, settings",
    "get, configmaps, team, kube-root-ca.crt",
    "get, persistentvolumeclaims, team, data",
    "get, persistentvolumeclaims, team, web-e",
    "get, persistentvolumes, -, disk",
    "create, serviceaccounts/token, team, robot",
    "get, pods, team, web",
    "patch, pods/status, team, web",
    "delete, pods, team, web"
  })
  void aNodeMayReadWhatItsPodsNeedAndOthersMayNot(
      String verb, String what, String namespace, String name) {
    assertThat(may("n1", verb, what, namespace, name)).isTrue();
    assertThat(may("n2", verb, what, namespace, name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "get, secrets, team, other",
    "get, secrets, other, certificate",
    "list, secrets, team, -",
    "list, secrets, -, -",
    "update, secrets, team, certificate",
    "delete, secrets, team, certificate",
    "list, configmaps, team, -",
    "create, configmaps, team, -",
    "list, persistentvolumes, -, -",
    "create, serviceaccounts/token, team, default",
    "create, serviceaccounts, team, -",
    "list, pods, -, -",
    "get, pods, team, pending",
    "delete, pods, team, pending",
    "update, pods, team, web",
    "create, pods/binding, team, web",
    "create, pods/exec, team, web",
    "patch, nodes/status, -, n2",
    "delete, nodes, -, n2",
    "get, nodes, -, n2",
    "list, nodes, -, -",
    "update, leases.coordination.k8s.io, kube-node-lease, n2",
    "create, leases.coordination.k8s.io, kube-system, -",
    "create, deployments.apps, team, -",
    "get, roles.rbac.authorization.k8s.io, team, a",
    "create, clusterrolebindings.rbac.authorization.k8s.io, -, -",
    "update, certificatesigningrequests/approval.certificates.k8s.io, -, a",
    "escalate, clusterroles.rbac.authorization.k8s.io, -, a",
    "impersonate, users, -, admin"
  })
  void aNodeMayNothingElse(String verb, String what, String namespace, String name) {
    assertThat(may("n1", verb, what, namespace, name)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "create, nodes, -, -",
    "patch, nodes/status, -, n1",
    "get, nodes, -, n1",
    "create, leases.coordination.k8s.io, kube-node-lease, -",
    "update, leases.coordination.k8s.io, kube-node-lease, n1",
    "list, services, -, -",
    "watch, endpointslices.discovery.k8s.io, -, -",
    "create, events, team, -",
    "create, certificatesigningrequests.certificates.k8s.io, -, -",
    "create, subjectaccessreviews.authorization.k8s.io, -, -"
  })
  void aNodeMayReportAndServe(String verb, String what, String namespace, String name) {
    assertThat(may("n1", verb, what, namespace, name)).isTrue();
  }

  @Test
  void aNodeMayListItsPodsBySelector() {
    Attributes list = new Attributes("list", "", "v1", "pods", "", "", "", "");
    UserInfo node = UserInfo.of("system:node:n1", "system:nodes");

    assertThat(authorizer.authorize(node, list.selecting(Map.of("spec.nodeName", "n1"))).allowed())
        .isTrue();
    assertThat(authorizer.authorize(node, list.selecting(Map.of("spec.nodeName", "n2"))).allowed())
        .isFalse();
  }

  @Test
  void whatAPodNeededIsOutOfReachWhenThePodIsGone() {
    graph.change(pod, null);

    assertThat(may("n1", "get", "secrets", "team", "certificate")).isFalse();
    assertThat(may("n1", "get", "persistentvolumes", "-", "disk")).isFalse();
  }

  @Test
  void aNodeMayAskForAVolumeThatLiesOnItAndWhetherOneIsGone() {
    StoredObject local =
        Objects.stored(
            """
            {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"local"},
             "spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[
              {"key":"kubernetes.io/hostname","operator":"In","values":["n1"]}]}]}}}}
            """);
    graph.change(null, local);

    assertThat(may("n1", "get", "persistentvolumes", "-", "local")).isTrue();
    assertThat(may("n2", "get", "persistentvolumes", "-", "local")).isFalse();
    assertThat(may("n1", "list", "persistentvolumes", "-", "-")).isFalse();

    graph.change(local, null);

    assertThat(may("n1", "get", "persistentvolumes", "-", "local")).isTrue();
    assertThat(may("n1", "delete", "persistentvolumes", "-", "local")).isFalse();
  }

  @Test
  void whoIsNoNodeIsNoBusinessOfIt() {
    Attributes asked = new Attributes("get", "", "v1", "secrets", "", "team", "certificate", "");

    assertThat(authorizer.authorize(UserInfo.of("system:node:n1"), asked).allowed()).isFalse();
    assertThat(authorizer.authorize(UserInfo.of("n1", "system:nodes"), asked).allowed()).isFalse();
  }
}
