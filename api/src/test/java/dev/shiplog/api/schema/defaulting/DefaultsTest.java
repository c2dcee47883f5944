package dev.shiplog.api.schema.defaulting;

import static dev.shiplog.api.schema.SchemaFixtures.defaulted;
import static dev.shiplog.api.schema.SchemaFixtures.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.decoding.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {

  private static final String POD = "{spec: {containers: [{name: a, image: app:1}]}}";

  @Test
  void aPodGetsWhatKubernetesDocuments() throws JsonProcessingException {
    assertThat(defaulted("v1/pods", POD).path("spec"))
        .isEqualTo(
            yaml(
                """
                containers:
                - name: a
                  image: app:1
                  resources: {}
                  terminationMessagePath: /dev/termination-log
                  terminationMessagePolicy: File
                  imagePullPolicy: IfNotPresent
                restartPolicy: Always
                terminationGracePeriodSeconds: 30
                dnsPolicy: ClusterFirst
                securityContext: {}
                schedulerName: default-scheduler
                enableServiceLinks: true
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "app, Always",
    "app:latest, Always",
    "app:1, IfNotPresent",
    "registry:5000/app, Always",
    "registry:5000/app:2, IfNotPresent",
    "app@sha256:0123, IfNotPresent",
    "app:latest@sha256:0123, Always"
  })
  void thePullPolicyFollowsTheTag(String image, String policy) {
    assertAt(
        "v1/pods",
        "{spec: {containers: [{name: a, image: '" + image + "'}]}}",
        "/spec/containers/0/imagePullPolicy",
        policy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1/pods | {spec: {containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi},"
            + " requests: {cpu: 100m}}}]}} | /spec/containers/0/resources/requests |"
            + " {\"cpu\":\"100m\",\"memory\":\"1Gi\"}",
        "v1/pods | {spec: {hostNetwork: true, containers: [{name: a, ports: [{containerPort:"
            + " 80}]}]}} | /spec/containers/0/ports/0/hostPort | 80",
        "v1/pods | {spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}} |"
            + " /spec/containers/0/ports/0/protocol | TCP",
        "v1/pods | {spec: {containers: [{name: a, livenessProbe: {httpGet: {port: 80}}}]}} |"
            + " /spec/containers/0/livenessProbe |"
            + " {\"httpGet\":{\"path\":\"/\",\"port\":80,\"scheme\":\"HTTP\"},\"timeoutSeconds\":1,"
            + "\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3}",
        "v1/pods | {spec: {volumes: [{name: a}]}} | /spec/volumes/0/emptyDir | {}",
        "v1/pods | {spec: {volumes: [{name: a, secret: {secretName: b}}]}} |"
            + " /spec/volumes/0/secret/defaultMode | 420",
        "v1/pods | {spec: {serviceAccount: build}} | /spec/serviceAccountName | build",
        "apps/v1/deployments | {} | /spec/replicas | 1",
        "apps/v1/deployments | {} | /spec/revisionHistoryLimit | 10",
        "apps/v1/deployments | {} | /spec/progressDeadlineSeconds | 600",
        "apps/v1/deployments | {} | /spec/strategy | {\"type\":\"RollingUpdate\","
            + "\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}",
        "apps/v1/deployments | {spec: {strategy: {type: Recreate}}} | /spec/strategy |"
            + " {\"type\":\"Recreate\"}",
        "apps/v1/deployments | {} | /spec/template/spec/enableServiceLinks | ''",
        "apps/v1/deployments | {} | /spec/template/spec/dnsPolicy | ClusterFirst",
        "apps/v1/daemonsets | {} | /spec/updateStrategy | {\"type\":\"RollingUpdate\","
            + "\"rollingUpdate\":{\"maxUnavailable\":1,\"maxSurge\":0}}",
        "apps/v1/statefulsets | {} | /spec/updateStrategy | {\"type\":\"RollingUpdate\","
            + "\"rollingUpdate\":{\"partition\":0}}",
        "apps/v1/statefulsets | {} | /spec/persistentVolumeClaimRetentionPolicy |"
            + " {\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}",
        "apps/v1/replicasets | {spec: {replicas: 0}} | /spec/replicas | 0",
        "batch/v1/jobs | {} | /spec/completions | 1",
        "batch/v1/jobs | {spec: {parallelism: 2}} | /spec/completions | ''",
        "batch/v1/jobs | {} | /spec/backoffLimit | 6",
        "batch/v1/jobs | {spec: {template: {metadata: {labels: {a: b}}}}} | /metadata/labels |"
            + " {\"a\":\"b\"}",
        "batch/v1/cronjobs | {} | /spec/concurrencyPolicy | Allow",
        "batch/v1/cronjobs | {} | /spec/jobTemplate/spec/backoffLimit | ''",
        "v1/services | {spec: {ports: [{port: 80}]}} | /spec/ports/0 |"
            + " {\"protocol\":\"TCP\",\"port\":80,\"targetPort\":80}",
        "v1/services | {} | /spec/type | ClusterIP",
        "v1/services | {} | /spec/internalTrafficPolicy | Cluster",
        "v1/services | {} | /spec/externalTrafficPolicy | ''",
        "v1/services | {spec: {type: NodePort}} | /spec/externalTrafficPolicy | Cluster",
        "v1/services | {spec: {type: ExternalName}} | /spec/internalTrafficPolicy | ''",
        "v1/services | {spec: {sessionAffinity: ClientIP}} |"
            + " /spec/sessionAffinityConfig/clientIP/timeoutSeconds | 10800",
        "v1/secrets | {stringData: {a: b}, data: {a: '', c: ZA==}} | /data |"
            + " {\"a\":\"Yg==\",\"c\":\"ZA==\"}",
        "v1/secrets | {stringData: {a: b}} | /stringData | ''",
        "v1/secrets | {} | /type | Opaque",
        "v1/namespaces | {metadata: {name: a}} | /metadata/labels |"
            + " {\"kubernetes.io/metadata.name\":\"a\"}",
        "v1/namespaces | {metadata: {name: a}} | /status/phase | Active",
        "v1/nodes | {status: {capacity: {cpu: 2}}} | /status/allocatable/cpu | 2",
        "v1/persistentvolumes | {} | /spec/persistentVolumeReclaimPolicy | Retain",
        "v1/persistentvolumeclaims | {} | /spec/volumeMode | Filesystem",
        "autoscaling/v2/horizontalpodautoscalers | {} |"
            + " /spec/metrics/0/resource/target/averageUtilization | 80",
        "rbac.authorization.k8s.io/v1/rolebindings | {roleRef: {name: a}, subjects: [{kind: User,"
            + " name: b}]} | /roleRef/apiGroup | rbac.authorization.k8s.io",
        "rbac.authorization.k8s.io/v1/rolebindings | {subjects: [{kind: User, name: b}]} |"
            + " /subjects/0/apiGroup | rbac.authorization.k8s.io",
        "rbac.authorization.k8s.io/v1/rolebindings | {subjects: [{kind: ServiceAccount}]} |"
            + " /subjects/0/apiGroup | ''",
        "networking.k8s.io/v1/networkpolicies | {spec: {egress: [{}]}} | /spec/policyTypes |"
            + " [\"Ingress\",\"Egress\"]",
        "discovery.k8s.io/v1/endpointslices | {ports: [{port: 80}]} | /ports/0/protocol | TCP",
        "storage.k8s.io/v1/storageclasses | {} | /reclaimPolicy | Delete",
        "flowcontrol.apiserver.k8s.io/v1/flowschemas | {spec: {}} | /spec/matchingPrecedence | 1000",
        "flowcontrol.apiserver.k8s.io/v1/flowschemas | {spec: {matchingPrecedence: 0}} |"
            + " /spec/matchingPrecedence | 1000",
        "flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations |"
            + " {spec: {limited: {limitResponse: {queuing: {queues: 0}}}}} |"
            + " /spec/limited/limitResponse/queuing |"
            + " {\"queues\":64,\"handSize\":8,\"queueLengthLimit\":50}",
        "batch/v1/jobs | {spec: {podFailurePolicy: {rules: [{onPodConditions: [{type: a, status: ''}]}]}}} |"
            + " /spec/podFailurePolicy/rules/0/onPodConditions/0/status | True"
      })
  void aFieldThatIsLeftOutGetsItsDefault(
      String path, String manifest, String pointer, String expected) {
    assertAt(path, manifest, pointer, expected);
  }

  @Test
  void applyingDefaultsTwiceChangesNothing() {
    for (ResourceType type : ResourceCatalogue.builtIn().all()) {
      String path = type.groupVersion() + "/" + type.plural();
      ObjectNode once = defaulted(path, "{metadata: {name: a}}");
      ObjectNode twice = once.deepCopy();
      Defaults.builtIn().apply(type, twice);
      CanonicalForm.apply(Target.of(resource(path)).type(), twice);

      assertThat(twice).as(path).hasToString(once.toString());
    }
  }

  private static void assertAt(String path, String manifest, String pointer, String expected) {
    JsonNode value = defaulted(path, manifest).at(pointer);
    assertThat(value.isContainerNode() ? value.toString() : value.asText()).isEqualTo(expected);
  }

  private static JsonNode yaml(String text) throws JsonProcessingException {
    return new ObjectMapper(new YAMLFactory()).readTree(text);
  }
}
