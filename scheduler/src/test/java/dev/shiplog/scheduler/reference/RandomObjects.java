package dev.shiplog.scheduler.reference;

import java.util.List;
import java.util.Random;

/** Nodes and pods with everything that scheduling reads, drawn at random. */
record RandomObjects(Random random) {

  /** What a node has beside its name. */
  String node() {
    return """
    {metadata: {labels: {%s disk: '%s'}}, spec: {unschedulable: %s, taints: [%s]},
     status: {allocatable: {cpu: '%d', memory: '%dGi', pods: '%d', 'ephemeral-storage': '%dGi',
       'example.com/gpu': '%d'}, images: [%s]}}
    """
        .formatted(
            pick("", zone(), zone(), zone() + "'topology.kubernetes.io/region': 'r',"),
            pick("ssd", "hdd"),
            random.nextInt(8) == 0,
            pick(
                "",
                "",
                "{key: 'k', effect: 'NoSchedule'}",
                "{key: 'k', effect: 'PreferNoSchedule'}"),
            1 + random.nextInt(6),
            1 + random.nextInt(6),
            2 + random.nextInt(8),
            random.nextInt(4),
            random.nextInt(3),
            pick("", "", "{names: ['x:1'], sizeBytes: 900000000}"));
  }

  private String zone() {
    return "'topology.kubernetes.io/zone': '%s',".formatted(pick("a", "b", "c"));
  }

  /** What a pod has beside its name; pending if the node's name is empty. */
  String pod(String nodeName) {
    return """
    {metadata: {namespace: '%s', labels: {app: '%s', v: '%s'} %s},
     spec: {nodeName: '%s', nodeSelector: %s, tolerations: [%s],
       topologySpreadConstraints: [%s],
       affinity: {nodeAffinity: %s, podAffinity: %s, podAntiAffinity: %s},
       volumes: [%s],
       containers: [{image: '%s', ports: [%s],
         resources: {requests: {cpu: '%dm', memory: '%dMi' %s}}}]}}
    """
        .formatted(
            pick("default", "default", "other"),
            pick("web", "db"),
            pick("1", "2"),
            nodeName.isEmpty() ? "" : pick("", "", "", ", deletionTimestamp: 't'"),
            nodeName,
            pick("{}", "{}", "{disk: 'ssd'}"),
            pick("", "", "{key: 'k', operator: 'Exists'}"),
            pick("", "", "", spread(), spread(), spread() + "," + spread()),
            pick("{}", "{}", nodeAffinity(), requiredNodeAffinity()),
            podAffinity(6),
            podAffinity(4),
            pick("", "", "", disk(), claim(0, 5), claim(0, 3) + "," + claim(3, 5)),
            pick("x:1", "y"),
            pick("", "", "{hostPort: 80}"),
            random.nextInt(6) * 250,
            random.nextInt(6) * 256,
            pick("", "", ", 'ephemeral-storage': '1Gi'", ", 'example.com/gpu': '1'"));
  }

  private String disk() {
    return "{name: 'd', gcePersistentDisk: {pdName: 'disk%d', readOnly: %s}}"
        .formatted(random.nextInt(2), random.nextBoolean());
  }

  private String requiredNodeAffinity() {
    return """
    {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [%s]}}
    """
        .formatted(
            pick(
                "{matchFields: [{key: 'metadata.name', operator: 'In', values: ['n1', 'n2']}]}",
                "{matchExpressions: [{key: 'disk', operator: 'In', values: ['ssd']}]}",
                "{matchExpressions: [{key: 'disk', operator: 'Exists'}], matchFields:"
                    + " [{key: 'metadata.name', operator: 'NotIn', values: ['n1']}]}"));
  }

  private String claim(int from, int to) {
    int number = random.nextInt(from, to);
    return "{name: 'v%1$d', persistentVolumeClaim: {claimName: 'c%1$d'}}".formatted(number);
  }

  private String spread() {
    return """
    {topologyKey: '%s', maxSkew: %d, whenUnsatisfiable: '%s', nodeAffinityPolicy: '%s',
     nodeTaintsPolicy: '%s', minDomains: %d, matchLabelKeys: [%s],
     labelSelector: {matchLabels: {app: 'web'}}}
    """
        .formatted(
            topology(),
            1 + random.nextInt(2),
            pick("ScheduleAnyway", "DoNotSchedule"),
            pick("Honor", "Ignore"),
            pick("Honor", "Ignore"),
            1 + random.nextInt(3),
            pick("", "'v'"));
  }

  private String nodeAffinity() {
    return """
    {preferredDuringSchedulingIgnoredDuringExecution: [{weight: %d, preference:
       {matchExpressions: [{key: 'disk', operator: 'In', values: ['ssd']}]}}]}
    """
        .formatted(1 + random.nextInt(100));
  }

  /** One of so many pods has a required term, and one a wish. */
  private String podAffinity(int oneOf) {
    return """
    {requiredDuringSchedulingIgnoredDuringExecution: [%s],
     preferredDuringSchedulingIgnoredDuringExecution: [%s]}
    """
        .formatted(
            random.nextInt(oneOf) == 0 ? term() : "",
            random.nextInt(oneOf) == 0
                ? "{weight: %d, podAffinityTerm: %s}".formatted(1 + random.nextInt(100), term())
                : "");
  }

  private String term() {
    return "{topologyKey: '%s', labelSelector: {matchLabels: {app: '%s'}} %s}"
        .formatted(
            topology(),
            pick("web", "db"),
            pick(
                "",
                "",
                ", namespaces: ['other']",
                ", namespaceSelector: {}",
                ", namespaceSelector: {matchLabels: {team: 'blue'}}",
                ", matchLabelKeys: ['v']",
                ", mismatchLabelKeys: ['v']"));
  }

  private String topology() {
    return pick("topology.kubernetes.io/zone", "kubernetes.io/hostname");
  }

  private String pick(String... options) {
    return List.of(options).get(random.nextInt(options.length));
  }
}
