package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.validation.ValidationFixtures.created;
import static dev.shiplog.api.schema.validation.ValidationFixtures.updated;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodValidationTest {

  private static final String POD = "{spec: {containers: [{name: c, image: i}]}}";

  @Test
  void aPodWithEverythingIsValid() {
    assertThat(
            created(
                "v1/pods",
                """
                metadata:
                  labels: {app.kubernetes.io/name: web}
                spec:
                  initContainers:
                  - {name: init, image: i}
                  - {name: sidecar, image: i, restartPolicy: Always, livenessProbe: {exec: {command: [a]}}}
                  containers:
                  - name: main
                    image: registry:5000/app@sha256:0123
                    command: [run]
                    ports: [{name: http, containerPort: 80}, {containerPort: 81}]
                    env:
                    - {name: A, value: b}
                    - {name: A.b-c, valueFrom: {fieldRef: {fieldPath: "metadata.labels['a/b']"}}}
                    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                    - {name: KEY, valueFrom: {configMapKeyRef: {name: a, key: b.c}}}
                    envFrom: [{secretRef: {name: a}, prefix: P_}]
                    resources: {requests: {cpu: 100m}, limits: {cpu: 1, example.org/gpu: 2}}
                    volumeMounts:
                    - {name: data, mountPath: /data, subPath: a/b}
                    - {name: config, mountPath: /config}
                    readinessProbe: {httpGet: {port: http}}
                    livenessProbe: {tcpSocket: {port: 80}}
                    startupProbe: {grpc: {port: 80}}
                    lifecycle: {preStop: {sleep: {seconds: 1}}}
                    securityContext: {runAsUser: 0, allowPrivilegeEscalation: false}
                  volumes:
                  - {name: data}
                  - {name: config, configMap: {name: a, items: [{key: a, path: b/c, mode: 0400}]}}
                  - {name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}
                  tolerations:
                  - {operator: Exists}
                  - {key: a, value: b, effect: NoExecute, tolerationSeconds: 5}
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]
                    podAntiAffinity:
                      preferredDuringSchedulingIgnoredDuringExecution:
                      - {weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname}}
                  topologySpreadConstraints:
                  - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}
                  nodeSelector: {kubernetes.io/os: linux}
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | spec.containers: Required value",
        "{containers: [{image: i}]} | spec.containers[0].name: Required value",
        "{containers: [{name: c}]} | spec.containers[0].image: Required value",
        "{containers: [{name: c, image: ' i'}]} | spec.containers[0].image: Invalid value: \" i\":"
            + " must not have leading or trailing whitespace",
        "{containers: [{name: c, image: i}, {name: c, image: i}]} | spec.containers[1].name:"
            + " Duplicate value: \"c\"",
        "{containers: [{name: c, image: i}], initContainers: [{name: c, image: i}]} |"
            + " spec.initContainers[0].name: Duplicate value: \"c\"",
        "{containers: [{name: c, image: i, imagePullPolicy: Sometimes}]} |"
            + " spec.containers[0].imagePullPolicy: Unsupported value: \"Sometimes\": supported"
            + " values: \"Always\", \"IfNotPresent\", \"Never\"",
        "{containers: [{name: c, image: i}], restartPolicy: Maybe} | spec.restartPolicy:"
            + " Unsupported value: \"Maybe\": supported values: \"Always\", \"Never\","
            + " \"OnFailure\"",
        "{containers: [{name: c, image: i}], dnsPolicy: None} | spec.dnsConfig.nameservers:"
            + " Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
        "{containers: [{name: c, image: i, ports: [{containerPort: 70000}]}]} |"
            + " spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1"
            + " and 65535, inclusive",
        "{containers: [{name: c, image: i, ports: [{}]}]} |"
            + " spec.containers[0].ports[0].containerPort: Required value",
        "{containers: [{name: c, image: i, ports: [{containerPort: 1, hostPort: 1}, {containerPort:"
            + " 2, hostPort: 1}]}]} | spec.containers[0].ports[1].hostPort: Duplicate value:"
            + " \"TCP//1\"",
        "{containers: [{name: c, image: i, ports: [{name: a, containerPort: 1}, {name: a,"
            + " containerPort: 2}]}]} | spec.containers[0].ports[1].name: Duplicate value: \"a\"",
        "{hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 1, hostPort:"
            + " 2}]}]} | spec.containers[0].ports[0].hostPort: Invalid value: 2: must match"
            + " `containerPort` when `hostNetwork` is true",
        "{containers: [{name: c, image: i, env: [{value: b}]}]} | spec.containers[0].env[0].name:"
            + " Required value",
        "{containers: [{name: c, image: i, env: [{name: a, value: b, valueFrom: {fieldRef:"
            + " {fieldPath: metadata.name}}}]}]} | spec.containers[0].env[0].valueFrom: Invalid"
            + " value: \"\": may not be specified when `value` is not empty",
        "{containers: [{name: c, image: i, env: [{name: a, valueFrom: {secretKeyRef: {key: k}}}]}]}"
            + " | spec.containers[0].env[0].valueFrom.secretKeyRef.name: Required value",
        "{containers: [{name: c, image: i, envFrom: [{}]}]} | spec.containers[0].envFrom[0]:"
            + " Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`",
        "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /m}]}]} |"
            + " spec.containers[0].volumeMounts[0].name: Not found: \"v\"",
        "{containers: [{name: c, image: i, volumeMounts: [{name: v}]}], volumes: [{name: v}]} |"
            + " spec.containers[0].volumeMounts[0].mountPath: Required value",
        "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /m}, {name: v,"
            + " mountPath: /m}]}], volumes: [{name: v}]} |"
            + " spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/m\": must be"
            + " unique",
        "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /m, subPath:"
            + " ../x}]}], volumes: [{name: v}]} | spec.containers[0].volumeMounts[0].subPath:"
            + " Invalid value: \"../x\": must not contain '..'",
        "{containers: [{name: c, image: i}], volumes: [{name: v}, {name: v}]} |"
            + " spec.volumes[1].name: Duplicate value: \"v\"",
        "{containers: [{name: c, image: i}], volumes: [{name: v, emptyDir: {}, hostPath: {path:"
            + " /a}}]} | spec.volumes[0].emptyDir: Forbidden: may not specify more than 1 volume"
            + " type",
        "{containers: [{name: c, image: i}], volumes: [{name: v, secret: {}}]} |"
            + " spec.volumes[0].secret.secretName: Required value",
        "{containers: [{name: c, image: i}], volumes: [{name: v, configMap: {name: a, defaultMode:"
            + " 01000}}]} | spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a"
            + " number between 0 and 0777 (octal), both inclusive",
        "{containers: [{name: c, image: i, livenessProbe: {}}]} | spec.containers[0].livenessProbe:"
            + " Required value: must specify a handler type",
        "{containers: [{name: c, image: i, livenessProbe: {exec: {command: [a]}, tcpSocket: {port:"
            + " 1}}}]} | spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify"
            + " more than 1 handler type",
        "{containers: [{name: c, image: i, livenessProbe: {exec: {command: [a]}, successThreshold:"
            + " 2}}]} | spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must"
            + " be 1",
        "{containers: [{name: c, image: i, livenessProbe: {exec: {command: [a]}, periodSeconds:"
            + " -1}}]} | spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be"
            + " greater than or equal to 0",
        "{containers: [{name: c, image: i, readinessProbe: {httpGet: {port: 0}}}]} |"
            + " spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1"
            + " and 65535, inclusive",
        "{containers: [{name: c, image: i, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]} |"
            + " spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or"
            + " equal to cpu limit of 1",
        "{containers: [{name: c, image: i, resources: {limits: {memory: -1}, requests: {memory: -2}}}]} |"
            + " spec.containers[0].resources.limits[memory]: Invalid value: \"-1\": must be greater"
            + " than or equal to 0 ~ spec.containers[0].resources.requests[memory]: Invalid value:"
            + " \"-2\": must be greater than or equal to 0",
        "{containers: [{name: c, image: i, resources: {requests: {speed: 1}, limits: {speed: 1}}}]} |"
            + " spec.containers[0].resources.limits: Invalid value: \"speed\": must be a standard"
            + " resource for containers ~ spec.containers[0].resources.requests: Invalid value:"
            + " \"speed\": must be a standard resource for containers",
        "{containers: [{name: c, image: i, securityContext: {privileged: true,"
            + " allowPrivilegeEscalation: false}}]} | spec.containers[0].securityContext: Invalid"
            + " value: {\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set"
            + " `allowPrivilegeEscalation` to false and `privileged` to true",
        "{containers: [{name: c, image: i}], initContainers: [{name: n, image: i, readinessProbe:"
            + " {exec: {command: [a]}}}]} | spec.initContainers[0].readinessProbe: Forbidden: may"
            + " not be set for init containers without restartPolicy=Always",
        "{containers: [{name: c, image: i}], ephemeralContainers: [{name: e, image: i}]} |"
            + " spec.ephemeralContainers: Forbidden: cannot be set on create",
        "{containers: [{name: c, image: i}], tolerations: [{operator: Exists, key: a, value: b}]} |"
            + " spec.tolerations[0]: Invalid value: {\"key\":\"a\",\"operator\":\"Exists\","
            + "\"value\":\"b\"}: value must be empty when `operator` is 'Exists'",
        "{containers: [{name: c, image: i}], activeDeadlineSeconds: 0} |"
            + " spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647,"
            + " inclusive",
        "{containers: [{name: c, image: i}], imagePullSecrets: [{}]} |"
            + " spec.imagePullSecrets[0].name: Required value",
        "{containers: [{name: c, image: i}], topologySpreadConstraints: [{maxSkew: 0, topologyKey:"
            + " a, whenUnsatisfiable: ScheduleAnyway}]} |"
            + " spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than"
            + " 0",
        "{containers: [{name: c, image: i}], affinity: {podAffinity:"
            + " {requiredDuringSchedulingIgnoredDuringExecution: [{}]}}} |"
            + " spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"
            + ".topologyKey: Required value: can not be empty"
      })
  void aFaultIsNamed(String spec, String faults) {
    assertThat(created("v1/pods", "{spec: " + spec + "}")).containsExactly(faults.split(" ~ "));
  }

  @Test
  void namesOfContainersAreLabels() {
    assertThat(created("v1/pods", "{spec: {containers: [{name: A_b, image: i}]}}"))
        .singleElement()
        .asString()
        .startsWith(
            "spec.containers[0].name: Invalid value: \"A_b\": a lowercase RFC 1123 label must");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{containers: [{name: c, image: other}]}",
        "{containers: [{name: c, image: i}], activeDeadlineSeconds: 5}",
        "{containers: [{name: c, image: i}], tolerations: [{key: a, operator: Exists}]}"
      })
  void someFieldsMayChange(String spec) {
    assertThat(updated("v1/pods", POD, "{spec: " + spec + "}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{containers: [{name: c, image: i, command: [a]}]}",
        "{containers: [{name: d, image: i}]}",
        "{containers: [{name: c, image: i}], restartPolicy: Never}",
        "{containers: [{name: c, image: i}], nodeName: n}",
        "{containers: [{name: c, image: i}], terminationGracePeriodSeconds: 1}",
        "{containers: [{name: c, image: i, resources: {limits: {cpu: 1}}}]}"
      })
  void otherFieldsStay(String spec) {
    assertThat(updated("v1/pods", POD, "{spec: " + spec + "}"))
        .singleElement()
        .asString()
        .startsWith("spec: Forbidden: pod updates may not change fields other than");
  }

  @Test
  void containersCannotBeAdded() {
    assertThat(
            updated(
                "v1/pods", POD, "{spec: {containers: [{name: c, image: i}, {name: d, image: i}]}}"))
        .containsExactly(
            "spec.containers: Forbidden: pod updates may not add or remove containers");
  }

  @Test
  void tolerationsCannotBeTakenAway() {
    String tolerant =
        "{spec: {containers: [{name: c, image: i}], tolerations: [{key: a, operator: Exists}]}}";

    assertThat(updated("v1/pods", tolerant, POD))
        .containsExactly(
            "spec.tolerations: Forbidden: existing toleration can not be modified except its"
                + " tolerationSeconds");
  }

  @Test
  void aDeadlineCannotBePutOff() {
    String five = "{spec: {activeDeadlineSeconds: 5, containers: [{name: c, image: i}]}}";

    assertThat(updated("v1/pods", five, five.replace("5", "6")))
        .containsExactly(
            "spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous"
                + " value");
    assertThat(updated("v1/pods", five, POD)).hasSize(1);
    assertThat(updated("v1/pods", five, five.replace("5", "4"))).isEmpty();
  }
}
