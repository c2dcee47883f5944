package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.validation.ValidationFixtures.created;
import static dev.shiplog.api.schema.validation.ValidationFixtures.updated;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds other than pods. In a manifest, T stands for a valid template of pods labelled a=b. */
class KindValidationTest {

  private static final String TEMPLATE =
      "{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";
  private static final String RUN_ONCE =
      TEMPLATE.replace("spec: {", "spec: {restartPolicy: Never, ");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T}}",
        "apps/v1/replicasets | {spec: {selector: {matchLabels: {a: b}}, template: T}}",
        "apps/v1/daemonsets | {spec: {selector: {matchLabels: {a: b}}, template: T}}",
        "apps/v1/daemonsets | {spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels:"
            + " {a: b}}, spec: {hostNetwork: true, containers: [{name: c, image: i, ports:"
            + " [{containerPort: 80}]}]}}}}",
        "apps/v1/statefulsets | {spec: {serviceName: s, selector: {matchLabels: {a: b}}, template:"
            + " T}}",
        "v1/replicationcontrollers | {spec: {template: T}}",
        "batch/v1/jobs | {spec: {template: O}}",
        "batch/v1/cronjobs | {spec: {schedule: '*/5 0-6,12 * jan-mar MON', timeZone: Europe/Berlin,"
            + " jobTemplate: {spec: {template: O}}}}",
        "v1/services | {spec: {selector: {a: b}, ports: [{port: 80}]}}",
        "v1/services | {spec: {clusterIP: None}}",
        "v1/services | {spec: {type: ExternalName, externalName: example.org}}",
        "v1/services | {spec: {type: NodePort, ports: [{name: a, port: 80, nodePort: 30000}, {name:"
            + " b, port: 80, protocol: UDP, nodePort: 30000}]}}",
        "v1/configmaps | {data: {a.b: c}, binaryData: {d: AA==}}",
        "v1/secrets | {stringData: {a: b}}",
        "v1/secrets | {type: kubernetes.io/tls, data: {tls.crt: '', tls.key: ''}}",
        "v1/namespaces | {metadata: {name: team-a}}",
        "v1/serviceaccounts | {}",
        "v1/nodes | {spec: {taints: [{key: a, effect: NoSchedule}]}}",
        "coordination.k8s.io/v1/leases | {spec: {holderIdentity: a, leaseDurationSeconds: 1}}",
        "v1/events | {involvedObject: {namespace: default}}",
        "v1/endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]}",
        "discovery.k8s.io/v1/endpointslices | {addressType: IPv4, endpoints: [{addresses:"
            + " [10.0.0.1]}], ports: [{port: 80}]}",
        "rbac.authorization.k8s.io/v1/clusterroles | {metadata: {name: 'system:a'}, rules: [{verbs:"
            + " [get], apiGroups: [''], resources: [pods]}, {verbs: [get], nonResourceURLs: [/x]}]}",
        "rbac.authorization.k8s.io/v1/rolebindings | {roleRef: {kind: Role, name: a}, subjects:"
            + " [{kind: User, name: b}, {kind: ServiceAccount, name: c, namespace: d}]}",
        "networking.k8s.io/v1/ingresses | {spec: {rules: [{host: '*.example.org', http: {paths:"
            + " [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number:"
            + " 80}}}}]}}]}}",
        "networking.k8s.io/v1/networkpolicies | {spec: {podSelector: {}, ingress: [{from:"
            + " [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {kind: Deployment, name:"
            + " a}, maxReplicas: 2}}",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {kind: Deployment, name:"
            + " a}, maxReplicas: 2, metrics: [{type: Resource, resource: {name: cpu, target: {type:"
            + " Utilization, averageUtilization: 50}}}, {type: Pods, pods: {metric: {name: m}, target:"
            + " {type: AverageValue, averageValue: 1}}}], behavior: {scaleDown:"
            + " {stabilizationWindowSeconds: 60}}}}",
        "admissionregistration.k8s.io/v1/validatingwebhookconfigurations | {webhooks: [{name:"
            + " a.example.org, sideEffects: None, admissionReviewVersions: [v1], clientConfig:"
            + " {service: {name: a, namespace: b}}, rules: [{operations: [CREATE], apiGroups: [''],"
            + " apiVersions: [v1], resources: [pods]}]}]}",
        "admissionregistration.k8s.io/v1/validatingadmissionpolicies | {spec: {matchConstraints:"
            + " {resourceRules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources:"
            + " ['*']}]}, validations: [{expression: 'true'}]}}",
        "apiextensions.k8s.io/v1/customresourcedefinitions | {metadata: {name: as.x.org}, spec:"
            + " {group: x.org, scope: Cluster, names: {plural: as, kind: A}, versions: [{name: v1,"
            + " served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}",
        "policy/v1/poddisruptionbudgets | {spec: {minAvailable: 50%, selector: {matchLabels: {a:"
            + " b}}}}",
        "v1/persistentvolumes | {spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce],"
            + " hostPath: {path: /a}}}",
        "v1/persistentvolumeclaims | {spec: {accessModes: [ReadWriteOnce], resources: {requests:"
            + " {storage: 1Gi}}}}",
        "storage.k8s.io/v1/storageclasses | {provisioner: a}",
        "scheduling.k8s.io/v1/priorityclasses | {value: 1000}",
        "v1/resourcequotas | {spec: {hard: {pods: 5, requests.cpu: 1}}}",
        "v1/limitranges | {spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}}]}}"
      })
  void aUsualObjectIsValid(String path, String manifest) {
    assertThat(created(path, expanded(manifest))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: c}}, template: T}} |"
            + " spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not"
            + " match template `labels`",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T, replicas: -1}}"
            + " | spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T, strategy:"
            + " {type: Recreate, rollingUpdate: {maxSurge: 1}}}} | spec.strategy.rollingUpdate:"
            + " Forbidden: may not be specified when strategy `type` is 'Recreate'",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T, strategy:"
            + " {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}}} |"
            + " spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0"
            + " when `maxSurge` is 0",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T, strategy:"
            + " {rollingUpdate: {maxUnavailable: 101%}}}} |"
            + " spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be"
            + " greater than 100%",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: O}} |"
            + " spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values:"
            + " \"Always\"",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T,"
            + " minReadySeconds: 5, progressDeadlineSeconds: 5}} | spec.progressDeadlineSeconds:"
            + " Invalid value: 5: must be greater than minReadySeconds",
        "apps/v1/daemonsets | {spec: {selector: {matchLabels: {a: b}}, template: T, updateStrategy:"
            + " {rollingUpdate: {maxUnavailable: 0}}}} |"
            + " spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when"
            + " maxSurge is 0",
        "apps/v1/daemonsets | {spec: {selector: {matchLabels: {a: b}}, template: T, updateStrategy:"
            + " {rollingUpdate: {maxUnavailable: 1, maxSurge: 1}}}} |"
            + " spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when"
            + " maxUnavailable is non-zero",
        "apps/v1/replicasets | {spec: {selector: {matchExpressions: [{key: c, operator: NotIn}]},"
            + " template: T}} | spec.selector.matchExpressions[0].values: Required value: must be"
            + " specified when `operator` is 'In' or 'NotIn'",
        "batch/v1/jobs | {spec: {template: T}} | spec.template.spec.restartPolicy: Unsupported"
            + " value: \"Always\": supported values: \"OnFailure\", \"Never\"",
        "batch/v1/jobs | {spec: {template: O, completionMode: Indexed, parallelism: 1}} |"
            + " spec.completions: Required value: when completion mode is Indexed",
        "batch/v1/cronjobs | {spec: {schedule: '61 * * * *', jobTemplate: {spec: {template: O}}}} |"
            + " spec.schedule: Invalid value: \"61 * * * *\": \"61\" is no minute: give numbers"
            + " from 0 to 59, ranges, steps or *",
        "batch/v1/cronjobs | {spec: {schedule: '* * * *', jobTemplate: {spec: {template: O}}}} |"
            + " spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: [* *"
            + " * *]",
        "batch/v1/cronjobs | {spec: {schedule: '@daily', timeZone: Mars/North, jobTemplate: {spec:"
            + " {template: O}}}} | spec.timeZone: Invalid value: \"Mars/North\": unknown time zone"
            + " Mars/North",
        "v1/services | {spec: {selector: {a: b}}} | spec.ports: Required value",
        "v1/services | {metadata: {name: 1a}, spec: {clusterIP: None}} |"
            + " metadata.name: Invalid value: \"1a\": a DNS-1035 label must consist of lower case"
            + " alphanumeric characters or '-', start with an alphabetic character, and end with an"
            + " alphanumeric character (regex used for validation is"
            + " '[a-z]([-a-z0-9]*[a-z0-9])?')",
        "v1/services | {spec: {clusterIP: None, type: NodePort, ports: [{port: 80}]}} |"
            + " spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort"
            + " services",
        "v1/services | {spec: {ports: [{port: 80}, {name: b, port: 81}]}} | spec.ports[0].name:"
            + " Required value",
        "v1/services | {spec: {ports: [{name: a, port: 80}, {name: b, port: 80}]}} | spec.ports[1]:"
            + " Duplicate value: {\"name\":\"b\",\"protocol\":\"TCP\",\"port\":80,"
            + "\"targetPort\":80}",
        "v1/services | {spec: {ports: [{port: 80, nodePort: 30000}]}} | spec.ports[0].nodePort:"
            + " Forbidden: may not be used when `type` is 'ClusterIP'",
        "v1/services | {spec: {type: Any, ports: [{port: 80}]}} | spec.type: Unsupported value:"
            + " \"Any\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\","
            + " \"NodePort\"",
        "v1/services | {spec: {clusterIP: 10.0.0.256, ports: [{port: 80}]}} | spec.clusterIPs[0]:"
            + " Invalid value: \"10.0.0.256\": must be empty, 'None', or a valid IP address",
        "v1/services | {spec: {type: ExternalName}} | spec.externalName: Required value",
        "v1/services | {spec: {externalTrafficPolicy: Local, ports: [{port: 80}]}} |"
            + " spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for"
            + " externally-accessible services",
        "v1/configmaps | {data: {a/b: c}} | data[a/b]: Invalid value: \"a/b\": a valid config key"
            + " must consist of alphanumeric characters, '-', '_' or '.' (regex used for validation"
            + " is '[-._a-zA-Z0-9]+')",
        "v1/configmaps | {data: {a: b}, binaryData: {a: AA==}} | data[a]: Invalid value: \"a\":"
            + " duplicate of key present in binaryData",
        "v1/secrets | {type: kubernetes.io/tls, data: {tls.crt: ''}} | data[tls.key]: Required"
            + " value",
        "v1/secrets | {type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: '{'}}"
            + " | data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": must be"
            + " valid JSON",
        "v1/nodes | {spec: {taints: [{key: a, effect: Never}]}} | spec.taints[0].effect: Unsupported"
            + " value: \"Never\": supported values: \"NoExecute\", \"NoSchedule\","
            + " \"PreferNoSchedule\"",
        "coordination.k8s.io/v1/leases | {spec: {leaseDurationSeconds: 0}} |"
            + " spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
        "v1/events | {involvedObject: {namespace: other}} | involvedObject.namespace: Invalid"
            + " value: \"other\": does not match event.namespace",
        "discovery.k8s.io/v1/endpointslices | {addressType: IPv4, endpoints: [{addresses: ['::1']}]}"
            + " | endpoints[0].addresses[0]: Invalid value: \"::1\": must be a valid IPv4 address",
        "rbac.authorization.k8s.io/v1/roles | {rules: [{verbs: [get], resources: [pods]}]} |"
            + " rules[0].apiGroups: Required value: resource rules must supply at least one api"
            + " group",
        "rbac.authorization.k8s.io/v1/rolebindings | {roleRef: {kind: Role, name: a}, subjects:"
            + " [{kind: Team, name: b}]} | subjects[0].kind: Unsupported value: \"Team\": supported"
            + " values: \"Group\", \"ServiceAccount\", \"User\"",
        "networking.k8s.io/v1/ingresses | {spec: {rules: [{http: {paths: [{path: a, pathType:"
            + " Exact, backend: {service: {name: a, port: {number: 80}}}}]}}]}} |"
            + " spec.rules[0].http.paths[0].path: Invalid value: \"a\": must be an absolute path",
        "networking.k8s.io/v1/ingresses | {spec: {defaultBackend: {service: {name: a}}}} |"
            + " spec.defaultBackend.service.port: Required value: port name or number is required",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {kind: Deployment, name:"
            + " a}, minReplicas: 3, maxReplicas: 2}} | spec.maxReplicas: Invalid value: 2: must be"
            + " greater than or equal to `minReplicas`",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {name: a}, maxReplicas:"
            + " 2}} | spec.scaleTargetRef.kind: Required value",
        "policy/v1/poddisruptionbudgets | {spec: {minAvailable: 1, maxUnavailable: 1}} | spec:"
            + " Invalid value: {\"minAvailable\":1,\"maxUnavailable\":1}: minAvailable and"
            + " maxUnavailable cannot be both set",
        "v1/persistentvolumes | {spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce]}} |"
            + " spec: Required value: must specify a volume type",
        "v1/persistentvolumeclaims | {spec: {accessModes: [Sometimes], resources: {requests:"
            + " {storage: 1Gi}}}} | spec.accessModes[0]: Unsupported value: \"Sometimes\":"
            + " supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\","
            + " \"ReadWriteOncePod\"",
        "v1/persistentvolumeclaims | {spec: {accessModes: [ReadWriteOnce]}} |"
            + " spec.resources[storage]: Required value",
        "storage.k8s.io/v1/storageclasses | {} | provisioner: Required value",
        "scheduling.k8s.io/v1/priorityclasses | {value: 1000000001} | value: Forbidden: maximum"
            + " allowed value of a user defined priority is 1000000000",
        "v1/limitranges | {spec: {limits: [{type: Pod, max: {cpu: 1}, min: {cpu: 2}}]}} |"
            + " spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max"
            + " value 1",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {kind: Deployment, name:"
            + " a}, maxReplicas: 2, metrics: [{type: Resource}]}} | spec.metrics[0].resource:"
            + " Required value: must populate information for the given metric source",
        "autoscaling/v2/horizontalpodautoscalers | {spec: {scaleTargetRef: {kind: Deployment, name:"
            + " a}, maxReplicas: 2, metrics: [{type: Sometimes}]}} | spec.metrics[0].type:"
            + " Unsupported value: \"Sometimes\": supported values: \"ContainerResource\","
            + " \"External\", \"Object\", \"Pods\", \"Resource\"",
        "admissionregistration.k8s.io/v1/validatingwebhookconfigurations | {webhooks: [{name:"
            + " a.example.org, sideEffects: None, admissionReviewVersions: [v1], timeoutSeconds: 31,"
            + " clientConfig: {url: 'https://a.example.org'}}]} | webhooks[0].timeoutSeconds:"
            + " Invalid value: 31: the timeout value must be between 1 and 30 seconds",
        "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations | {webhooks: [{name:"
            + " a.example.org, sideEffects: Some, admissionReviewVersions: [v1], clientConfig: {url:"
            + " 'http://a.example.org'}}]} | webhooks[0].sideEffects: Unsupported value: \"Some\":"
            + " supported values: \"None\", \"NoneOnDryRun\" ~ webhooks[0].clientConfig.url: Invalid"
            + " value: \"http://a.example.org\": 'https' is the only allowed URL scheme",
        "admissionregistration.k8s.io/v1/validatingadmissionpolicybindings | {spec: {policyName: p,"
            + " validationActions: [Shout]}} | spec.validationActions[0]: Unsupported value:"
            + " \"Shout\": supported values: \"Audit\", \"Deny\", \"Warn\"",
        "apiextensions.k8s.io/v1/customresourcedefinitions | {metadata: {name: as.x.org}, spec:"
            + " {group: x.org, scope: Cluster, names: {plural: as, kind: A}, versions: [{name: v1,"
            + " served: true, storage: true}]}} | spec.versions[0].schema.openAPIV3Schema: Required"
            + " value: schemas are required",
        "apiextensions.k8s.io/v1/customresourcedefinitions | {metadata: {name: bs.x.org}, spec:"
            + " {group: x.org, scope: Cluster, names: {plural: as, kind: A}, versions: [{name: v1,"
            + " served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}]}} |"
            + " metadata.name: Invalid value: \"bs.x.org\": must be spec.names.plural+\".\"+spec.group"
            + " ~ spec.versions: Invalid value: [{\"name\":\"v1\",\"served\":true,\"storage\":false,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]:"
            + " must have exactly one version marked as storage version"
      })
  void aFaultIsNamed(String path, String manifest, String faults) {
    assertThat(created(path, expanded(manifest))).containsExactly(faults.split(" ~ "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T}} | {spec:"
            + " {selector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: Exists}]},"
            + " template: T}} | spec.selector: Invalid value:"
            + " {\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":[{\"key\":\"a\","
            + "\"operator\":\"Exists\"}]}: field is immutable",
        "apps/v1/deployments | {spec: {selector: {matchLabels: {a: b}}, template: T}} | {spec:"
            + " {replicas: 5, selector: {matchLabels: {a: b}}, template: T}} | ''",
        "apps/v1/statefulsets | {spec: {selector: {matchLabels: {a: b}}, template: T}} | {spec:"
            + " {serviceName: x, selector: {matchLabels: {a: b}}, template: T}} | spec: Forbidden:"
            + " updates to statefulset spec for fields other than 'replicas', 'ordinals',"
            + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
            + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        "v1/services | {spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}} | {spec: {clusterIP:"
            + " 10.0.0.2, ports: [{port: 80}]}} | spec.clusterIPs[0]: Invalid value: null:"
            + " may not change once set",
        "v1/services | {spec: {clusterIP: 10.0.0.1, ports: [{port: 80}]}} | {spec: {type:"
            + " ExternalName, externalName: a}} | ''",
        "v1/secrets | {type: a} | {type: b} | type: Invalid value: \"b\": field is immutable",
        "v1/configmaps | {immutable: true, data: {a: b}} | {immutable: true, data: {a: c}} | data:"
            + " Forbidden: field is immutable when `immutable` is set",
        "v1/configmaps | {immutable: true} | {} | immutable: Forbidden: field is immutable when"
            + " `immutable` is set",
        "rbac.authorization.k8s.io/v1/rolebindings | {roleRef: {kind: Role, name: a}} | {roleRef:"
            + " {kind: Role, name: b}} | roleRef: Invalid value:"
            + " {\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"b\"}:"
            + " cannot change roleRef",
        "storage.k8s.io/v1/storageclasses | {provisioner: a} | {provisioner: b} | provisioner:"
            + " Invalid value: \"b\": field is immutable",
        "discovery.k8s.io/v1/endpointslices | {addressType: IPv4} | {addressType: IPv6} |"
            + " addressType: Invalid value: \"IPv6\": field is immutable",
        "v1/persistentvolumeclaims | {spec: {accessModes: [ReadWriteOnce], resources: {requests:"
            + " {storage: 1Gi}}}} | {spec: {accessModes: [ReadOnlyMany], resources: {requests:"
            + " {storage: 1Gi}}}} | spec: Forbidden: spec is immutable after creation except"
            + " resources.requests and volumeAttributesClassName for bound claims",
        "batch/v1/jobs | {spec: {template: O}} | {spec: {parallelism: 3, completions: 1, template:"
            + " O}} | ''",
        "batch/v1/jobs | {spec: {template: O}} | {spec: {completions: 2, parallelism: 1, template:"
            + " O}} | spec.completions: Invalid value: 2: field is immutable",
        "batch/v1/jobs | {spec: {completionMode: Indexed, completions: 1, parallelism: 1, template:"
            + " O}} | {spec: {completionMode: Indexed, completions: 3, parallelism: 1, template:"
            + " O}} | spec.completions: Invalid value: 3: can only be modified in tandem with"
            + " spec.parallelism",
        "batch/v1/jobs | {spec: {completionMode: Indexed, completions: 1, parallelism: 1, template:"
            + " O}} | {spec: {completionMode: Indexed, completions: 3, parallelism: 3, template:"
            + " O}} | ''",
        "apps/v1/daemonsets | {spec: {selector: {matchLabels: {a: b}}, template: T}} | {spec:"
            + " {selector: {matchLabels: {a: b}}, template: T, updateStrategy: {type: OnDelete,"
            + " rollingUpdate: {maxUnavailable: 1}}}} | ''"
      })
  void whatMustStayStays(String path, String old, String manifest, String fault) {
    assertThat(updated(path, expanded(old), expanded(manifest)))
        .containsExactly(fault.isEmpty() ? new String[0] : new String[] {fault});
  }

  private static String expanded(String manifest) {
    return manifest
        .replace("template: T", "template: " + TEMPLATE)
        .replace("template: O", "template: " + RUN_ONCE);
  }
}
