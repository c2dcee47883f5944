package dev.shiplog.streams.controllers.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The annotations a Deployment and its ReplicaSets keep their history and sizes in. */
final class Annotations {

  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
  static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

  /** Those of a Deployment that are about itself, not about its template. */
  private static final Set<String> NOT_COPIED =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          REVISION_HISTORY,
          DESIRED_REPLICAS,
          MAX_REPLICAS,
          "deprecated.deployment.rollback.to");

  private Annotations() {}

  static Map<String, String> of(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** The revision; 0 if there is none. */
  static long revision(HasMetadata object) {
    return number(of(object).get(REVISION)).longValue();
  }

  /** The size the ReplicaSet's Deployment had when it was last scaled; -1 if it does not say. */
  static int desiredReplicas(HasMetadata set) {
    String text = of(set).get(DESIRED_REPLICAS);
    return text == null ? -1 : number(text).intValue();
  }

  /** What the sizes of a Deployment were when it was last scaled, surge included; 0 if unknown. */
  static int maxReplicas(HasMetadata set) {
    return number(of(set).get(MAX_REPLICAS)).intValue();
  }

  private static Number number(String text) {
    try {
      return text == null ? 0L : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0L; // somebody else wrote it; it will be overwritten
    }
  }

  /** Puts in what a ReplicaSet takes over from its Deployment. */
  static void copy(Deployment deployment, Map<String, String> annotations) {
    new TreeMap<>(of(deployment))
        .forEach((name, value) -> {
          if (!NOT_COPIED.contains(name)) {
            annotations.put(name, value);
          }
        });
  }

  /** Raises the revision; the one it had stays in the history. */
  static void raiseRevision(Map<String, String> annotations, long revision) {
    String old = annotations.get(REVISION);
    if (number(old).longValue() >= revision) {
      return;
    }
    if (old != null && !old.isEmpty()) {
      annotations.merge(REVISION_HISTORY, old, (history, last) -> history + "," + last);
    }
    annotations.put(REVISION, Long.toString(revision));
  }
}
