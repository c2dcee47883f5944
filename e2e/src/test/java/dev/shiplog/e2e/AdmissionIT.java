package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What gets in, as a user of kubectl meets it. */
@ExtendWith(SimulatedCluster.class)
final class AdmissionIT {

  @TempDir private Path directory;
  private final Kubectl kubectl;

  AdmissionIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  private Run apply(String manifest) {
    return kubectl.run(List.of("apply", "-f", "-"), manifest);
  }

  @Test
  void aQuotaIsFullAndFreeAgain() {
    kubectl.ok("create namespace quota-e2e");
    kubectl.ok("create quota few --hard=configmaps=2,pods=1 -n quota-e2e");
    kubectl.await(
        "get quota few -n quota-e2e -o jsonpath={.status.used.configmaps}", "1"); // kube-root-ca
    kubectl.ok("create configmap a -n quota-e2e");

    assertThat(kubectl.run("create configmap b -n quota-e2e").err())
        .contains("exceeded quota: few, requested: configmaps=1, used: configmaps=2");
    kubectl.ok("delete configmap a -n quota-e2e");
    kubectl.ok("create configmap b -n quota-e2e");
    assertThat(kubectl.ok("describe quota few -n quota-e2e")).contains("configmaps", "pods");
  }

  @Test
  void aNamespaceRefusesPodsThatItsStandardDoesNotAllow() {
    kubectl.ok("create namespace secure-e2e");
    kubectl.ok(
        "label namespace secure-e2e pod-security.kubernetes.io/enforce=baseline"
            + " pod-security.kubernetes.io/warn=restricted");

    Run refused =
        apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: secure-e2e}
            spec:
              hostNetwork: true
              containers: [{name: c, image: registry.example/c:1}]
            """);
    Run warned = kubectl.run("create deployment d --image=registry.example/c:1 -n secure-e2e");

    assertThat(refused.err())
        .contains("violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)");
    assertThat(warned.err()).contains("Warning: would violate PodSecurity \"restricted:latest\"");
    assertThat(warned.out()).contains("deployment.apps/d created");
  }

  @Test
  void aPolicyDeniesAndAnotherCompletes() {
    kubectl.ok("create namespace policy-e2e");
    kubectl.apply(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: few-replicas}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
          variables:
          - {name: replicas, expression: object.spec.replicas}
          validations:
          - {expression: variables.replicas <= 3, messageExpression: "'no more than 3, not ' + string(variables.replicas)"}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: few-replicas}
        spec:
          policyName: few-replicas
          validationActions: [Deny]
          matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: policy-e2e}}}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicy
        metadata: {name: owned}
        spec:
          reinvocationPolicy: Never
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: policy-e2e}}
            resourceRules:
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
          mutations:
          - patchType: ApplyConfiguration
            applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"owner": request.userInfo.username}}}'}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicyBinding
        metadata: {name: owned}
        spec: {policyName: owned}
        """);

    Run refused = kubectl.run("create deployment many --image=i --replicas=5 -n policy-e2e");
    kubectl.ok("create deployment few --image=i --replicas=2 -n policy-e2e");

    assertThat(refused.err())
        .contains(
            "ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas' denied request:"
                + " no more than 3, not 5");
    assertThat(kubectl.ok("get deployment few -n policy-e2e -o jsonpath={.metadata.labels.owner}"))
        .isNotEmpty();
    assertThat(kubectl.run("scale deployment few --replicas=9 -n policy-e2e").out())
        .as("the scale is another resource, which the policy does not name")
        .contains("scaled");
    kubectl.ok("delete validatingadmissionpolicybinding few-replicas");
    kubectl.ok("delete mutatingadmissionpolicybinding owned");
  }

  @Test
  void webhooksPatchAndRefuse() throws Exception {
    kubectl.ok("create namespace hooks-e2e");
    try (WebhookProgram program =
        WebhookProgram.reviewing(
            directory,
            review ->
                review.contains("\"forbidden\"")
                    ? "\"allowed\":false,\"status\":{\"message\":\"not here\"}"
                    : "\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                        + patch("[{\"op\":\"add\",\"path\":\"/data\",\"value\":{\"by\":\"hook\"}}]")
                        + "\"")) {
      kubectl.apply(
          """
          apiVersion: admissionregistration.k8s.io/v1
          kind: MutatingWebhookConfiguration
          metadata: {name: hooks-e2e}
          webhooks:
          - name: maps.hooks.example.com
            admissionReviewVersions: [v1]
            sideEffects: None
            clientConfig: %s
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: hooks-e2e}}
            objectSelector: {matchExpressions: [{key: skip-me, operator: DoesNotExist}]}
            rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
          """
              .formatted(program.clientConfig()));

      kubectl.ok("create configmap good -n hooks-e2e");
      Run refused = kubectl.run("create configmap forbidden -n hooks-e2e");

      assertThat(kubectl.ok("get configmap good -n hooks-e2e -o jsonpath={.data.by}"))
          .isEqualTo("hook");
      assertThat(refused.err())
          .contains("admission webhook \"maps.hooks.example.com\" denied the request: not here");
    } finally {
      kubectl.run("delete mutatingwebhookconfiguration hooks-e2e");
    }
  }

  private static String patch(String json) {
    return java.util.Base64.getEncoder()
        .encodeToString(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
