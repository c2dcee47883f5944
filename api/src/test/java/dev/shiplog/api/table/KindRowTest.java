package dev.shiplog.api.table;

import static dev.shiplog.api.schema.SchemaFixtures.decoded;
import static dev.shiplog.api.table.TableFixtures.NOON;
import static dev.shiplog.api.table.TableFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindRowTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1/deployments | spec: {replicas: 3, selector: {matchLabels: {a: b},"
            + " matchExpressions: [{key: c, operator: In, values: [d, e]}]}, template: {spec:"
            + " {containers: [{name: x, image: i}, {name: y, image: j}]}}}, status: {readyReplicas:"
            + " 1, updatedReplicas: 2, availableReplicas: 1} | n;1/3;2;1;60m;x,y;i,j;a=b,c in (d,e)",
        "apps/v1/replicasets | spec: {replicas: 3}, status: {replicas: 2, readyReplicas: 1} |"
            + " n;3;2;1;60m;;;<none>",
        "apps/v1/statefulsets | spec: {replicas: 3}, status: {readyReplicas: 1} | n;1/3;60m;;",
        "apps/v1/daemonsets | status: {desiredNumberScheduled: 5, currentNumberScheduled: 4,"
            + " numberReady: 3, updatedNumberScheduled: 2, numberAvailable: 1} |"
            + " n;5;4;3;2;1;<none>;60m;;;<none>",
        "batch/v1/jobs | spec: {completions: 2}, status: {succeeded: 1, startTime:"
            + " '2026-01-01T11:59:00Z'} | n;Running;1/2;60s;60m;;;<none>",
        "batch/v1/jobs | spec: {parallelism: 3}, status: {startTime: '2026-01-01T11:00:00Z',"
            + " completionTime: '2026-01-01T11:00:05Z', conditions: [{type: Complete, status:"
            + " 'True'}]} | n;Complete;0/1 of 3;5s;60m;;;<none>",
        "batch/v1/cronjobs | spec: {schedule: '@daily', suspend: true}, status: {active: [{}]} |"
            + " n;@daily;<none>;True;1;<none>;60m;;;<none>",
        "v1/services | spec: {type: ClusterIP, clusterIP: 10.0.0.1, selector: {a: b}, ports: [{port:"
            + " 80, protocol: TCP}, {port: 53, protocol: UDP}]} |"
            + " n;ClusterIP;10.0.0.1;<none>;80/TCP,53/UDP;60m;a=b",
        "v1/services | spec: {type: NodePort, clusterIP: 10.0.0.1, ports: [{port: 80, nodePort:"
            + " 30000, protocol: TCP}]} | n;NodePort;10.0.0.1;<none>;80:30000/TCP;60m;<none>",
        "v1/services | spec: {type: LoadBalancer, clusterIP: 10.0.0.1} |"
            + " n;LoadBalancer;10.0.0.1;<pending>;<none>;60m;<none>",
        "v1/services | spec: {type: ExternalName, externalName: example.org} |"
            + " n;ExternalName;<none>;example.org;<none>;60m;<none>",
        "v1/endpoints | subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}], ports: [{port: 80},"
            + " {port: 81}]}] | n;10.0.0.1:80,10.0.0.1:81,10.0.0.2:80 + 1 more...;60m",
        "discovery.k8s.io/v1/endpointslices | addressType: IPv4, ports: [{port: 80}], endpoints:"
            + " [{addresses: [10.0.0.1]}] | n;IPv4;80;10.0.0.1;60m",
        "networking.k8s.io/v1/ingresses | spec: {rules: [{host: a.org}], tls: [{}]}, status:"
            + " {loadBalancer: {ingress: [{hostname: lb}]}} | n;<none>;a.org;lb;80, 443;60m",
        "v1/nodes | status: {conditions: [{type: Ready, status: 'True'}], nodeInfo:"
            + " {kubeletVersion: v1}, addresses: [{type: InternalIP, address: 10.0.0.1}]} |"
            + " n;Ready;<none>;60m;v1;10.0.0.1;<none>;<unknown>;<unknown>;<unknown>",
        "v1/nodes | spec: {unschedulable: true} |"
            + " n;Unknown,SchedulingDisabled;<none>;60m;;<none>;<none>;<unknown>;<unknown>;<unknown>",
        "v1/namespaces | status: {phase: Active} | n;Active;60m",
        "v1/configmaps | data: {a: b, c: d}, binaryData: {e: AA==} | n;3;60m",
        "v1/secrets | type: Opaque, data: {a: ''} | n;Opaque;1;60m",
        "v1/serviceaccounts | secrets: [] | n;60m",
        "v1/persistentvolumeclaims | spec: {volumeName: v, accessModes: [ReadWriteMany],"
            + " storageClassName: s, volumeMode: Filesystem}, status: {phase: Bound, accessModes:"
            + " [ReadWriteMany, ReadWriteOnce], capacity: {storage: 1Gi}} |"
            + " n;Bound;v;1Gi;RWO,RWX;s;<unset>;60m;Filesystem",
        "v1/persistentvolumes | spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce],"
            + " persistentVolumeReclaimPolicy: Retain, claimRef: {namespace: a, name: b}}, status:"
            + " {phase: Bound} | n;1Gi;RWO;Retain;Bound;a/b;;<unset>;;60m;<unset>",
        "coordination.k8s.io/v1/leases | spec: {holderIdentity: me} | n;me;60m",
        "rbac.authorization.k8s.io/v1/roles | rules: [] | n;2026-01-01T11:00:00Z",
        "rbac.authorization.k8s.io/v1/rolebindings | roleRef: {kind: Role, name: r}, subjects:"
            + " [{kind: User, name: u}, {kind: ServiceAccount, namespace: a, name: s}] |"
            + " n;Role/r;60m;u;;a/s",
        "autoscaling/v2/horizontalpodautoscalers | spec: {scaleTargetRef: {kind: Deployment, name:"
            + " d}, minReplicas: 1, maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu,"
            + " target: {averageUtilization: 80}}}]} | n;Deployment/d;cpu: <unknown>/80%;1;3;0;60m",
        "policy/v1/poddisruptionbudgets | spec: {minAvailable: 50%}, status: {disruptionsAllowed: 2}"
            + " | n;50%;N/A;2;60m",
        "storage.k8s.io/v1/storageclasses | provisioner: p, reclaimPolicy: Retain |"
            + " n;p;Retain;Immediate;false;60m",
        "scheduling.k8s.io/v1/priorityclasses | value: 5, preemptionPolicy: Never |"
            + " n;5;false;60m;Never",
        "v1/resourcequotas | status: {hard: {pods: 5, limits.cpu: 2}, used: {pods: 1}} | n;60m;pods:"
            + " 1/5;limits.cpu: 0/2"
      })
  void aRowShowsWhatMatters(String path, String body, String cells) {
    String manifest =
        "{metadata: {name: n, creationTimestamp: '2026-01-01T11:00:00Z'}, " + body + "}";

    assertThat(row(path, manifest)).containsExactly(cells.split(";", -1));
  }

  @Test
  void aNodeShowsItsRoles() {
    assertThat(
            row(
                "v1/nodes",
                "{metadata: {labels: {node-role.kubernetes.io/worker: '', kubernetes.io/role: edge,"
                    + " other: x}}}"))
        .element(2)
        .isEqualTo("edge,worker");
  }

  @Test
  void anEventIsTheSameUnderBothItsNames() {
    String old =
        """
        {metadata: {name: n}, type: Warning, reason: Failed, message: " no luck\\n", count: 3,
         involvedObject: {kind: Pod, name: p, fieldPath: f}, source: {component: c, host: h},
         firstTimestamp: '2026-01-01T11:00:00Z', lastTimestamp: '2026-01-01T11:59:00Z'}
        """;
    String both =
        """
        {metadata: {name: n}, type: Warning, reason: Failed, note: no luck, deprecatedCount: 3,
         regarding: {kind: Pod, name: p, fieldPath: f}, deprecatedSource: {component: c, host: h},
         deprecatedFirstTimestamp: '2026-01-01T11:00:00Z',
         deprecatedLastTimestamp: '2026-01-01T11:59:00Z'}
        """;

    assertThat(row("v1/events", old))
        .containsExactly(
            "60s", "Warning", "Failed", "pod/p", "f", "c, h", "no luck", "60m", "3", "n")
        .isEqualTo(row("events.k8s.io/v1/events", both));
  }

  @Test
  void anEventOfTheNewerFormIsCountedBySeries() {
    assertThat(
            row(
                "v1/events",
                """
                {metadata: {name: n}, eventTime: '2026-01-01T11:50:00.000000Z',
                 reportingComponent: c, reportingInstance: i,
                 series: {count: 7, lastObservedTime: '2026-01-01T11:59:30.000000Z'},
                 involvedObject: {kind: Node}}
                """))
        .containsExactly("30s", "", "", "node", "", "c, i", "", "10m", "7", "n");
  }

  @Test
  void everyRowHasACellForEveryColumn() {
    for (ResourceType type : ResourceCatalogue.builtIn().all()) {
      String path = type.groupVersion() + "/" + type.plural();
      ObjectNode table =
          Tables.builtIn()
              .of(
                  type,
                  "v1",
                  decoded(path, "{metadata: {name: n}}"),
                  IncludeObject.NONE,
                  true,
                  NOON);

      assertThat(table.at("/rows/0/cells")).as(path).hasSameSizeAs(table.get("columnDefinitions"));
    }
  }
}
