package dev.shiplog.bench.scheduling;

import dev.shiplog.scheduler.cycle.Scheduler;
import dev.shiplog.scheduler.model.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A kind of pods to schedule.
 *
 * @param name for the table
 * @param metadata of the i-th pod, beside its name, as JSON fields
 * @param spec of the i-th pod, as JSON fields
 */
record Workload(String name, IntFunction<String> metadata, IntFunction<String> spec) {

  private static final String ZONE = "topology.kubernetes.io/zone";

  static List<Workload> all() {
    return List.of(
        new Workload("plain, one shape", i -> "", i -> containers(0)),
        new Workload("plain, ten shapes", i -> "", i -> containers(i % 10)),
        new Workload("plain, every pod its own shape", i -> "", i -> containers(i)),
        new Workload("node affinity and tolerations", i -> "", i -> affinity() + containers(0)),
        new Workload("spread from its ReplicaSet", i -> owner(i % 10), i -> containers(0)),
        new Workload("spread over zones, required", i -> app(), i -> spread() + containers(0)),
        new Workload("apart on hosts, 100 workloads", i -> app(i % 100), i -> apart(i % 100)),
        new Workload("near its cache in a zone", i -> app(i % 10), i -> near(i % 10)));
  }

  /** Those whose growth is drawn. */
  static List<Workload> drawn() {
    return List.of(
        new Workload("plain", i -> "", i -> containers(0)),
        new Workload("spread from its ReplicaSet", i -> owner(i % 10), i -> containers(0)),
        new Workload("spread over zones, required", i -> app(), i -> spread() + containers(0)),
        new Workload("apart on hosts", i -> app(i % 100), i -> apart(i % 100)));
  }

  /** Tells the scheduler of the ReplicaSets that pods belong to. */
  static void addOwners(Scheduler scheduler) {
    for (int i = 0; i < 10; i++) {
      scheduler
          .workloads()
          .putOwner("ReplicaSet", "default", "rs" + i, LabelSelector.of(Map.of("rs", "rs" + i)));
    }
  }

  /** A tenth of a core and a little more memory than 100 MiB. */
  private static String containers(int extraBytes) {
    return """
    "containers":[{"name":"c","image":"x","resources":
      {"requests":{"cpu":"100m","memory":"%d"}}}]
    """
        .formatted((100 << 20) + extraBytes);
  }

  private static String affinity() {
    return """
    "tolerations":[{"key":"dedicated","operator":"Exists"}],
    "affinity":{"nodeAffinity":{
      "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
        {"matchExpressions":[{"key":"%s","operator":"In","values":["z0","z1"]}]}]},
      "preferredDuringSchedulingIgnoredDuringExecution":[{"weight":10,"preference":
        {"matchExpressions":[{"key":"%s","operator":"In","values":["z1"]}]}}]}},
    """
        .formatted(ZONE, ZONE);
  }

  private static String app() {
    return "\"labels\":{\"app\":\"web\"},";
  }

  private static String app(int i) {
    return "\"labels\":{\"app\":\"web%d\"},".formatted(i);
  }

  /** Required anti-affinity to its own kind. */
  private static String apart(int i) {
    return affinityTo("podAntiAffinity", "kubernetes.io/hostname", i);
  }

  /** Required affinity to its own kind: the first chooses the zone. */
  private static String near(int i) {
    return affinityTo("podAffinity", ZONE, i);
  }

  private static String affinityTo(String kind, String topologyKey, int i) {
    return """
    "affinity":{"%s":{"requiredDuringSchedulingIgnoredDuringExecution":[
      {"topologyKey":"%s","labelSelector":{"matchLabels":{"app":"web%d"}}}]}},
    """
            .formatted(kind, topologyKey, i)
        + containers(0);
  }

  private static String owner(int i) {
    return """
    "labels":{"rs":"rs%d"},
    "ownerReferences":[{"kind":"ReplicaSet","name":"rs%d","controller":true}],
    """
        .formatted(i, i);
  }

  private static String spread() {
    return """
    "topologySpreadConstraints":[{"topologyKey":"%s","maxSkew":1,
      "whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"web"}}}],
    """
        .formatted(ZONE);
  }
}
