package dev.shiplog.agent.staticpods;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import java.util.Optional;

/** What marks static pods and their mirrors, as in Kubernetes. */
public final class Mirrors {

  static final String HASH = "kubernetes.io/config.hash";
  static final String SEEN = "kubernetes.io/config.seen";
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String SOURCE = "kubernetes.io/config.source";
  static final String FILE = "file";

  private Mirrors() {}

  /** Whether the pod comes from a file of this node. */
  public static boolean isStatic(Pod pod) {
    return annotation(pod, SOURCE).filter(FILE::equals).isPresent() && !isMirror(pod);
  }

  /** Whether the pod only shows one that comes from a file: nobody runs it. */
  public static boolean isMirror(Pod pod) {
    return annotation(pod, MIRROR).isPresent();
  }

  static Map<String, String> marks(String hash, String seen) {
    return Map.of(HASH, hash, SOURCE, FILE, SEEN, seen);
  }

  static boolean isMirrorOf(Pod mirror, Pod pod) {
    return annotation(mirror, MIRROR).equals(annotation(pod, HASH));
  }

  /** What the cluster is shown of a static pod. */
  static Pod mirrorOf(Pod pod, Node node) {
    return new PodBuilder(pod)
        .editMetadata()
        .withUid(null)
        .addToAnnotations(MIRROR, annotation(pod, HASH).orElseThrow())
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(node.getMetadata().getName())
        .withUid(node.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withStatus(null)
        .build();
  }

  private static Optional<String> annotation(HasMetadata object, String name) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(name));
  }
}
