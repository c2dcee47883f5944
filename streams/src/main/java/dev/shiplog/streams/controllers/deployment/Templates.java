package dev.shiplog.streams.controllers.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.controllers.pod.CanonicalHash;
import dev.shiplog.streams.kit.KubernetesJson;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

/** Pod templates compared and named. */
final class Templates {

  static final String HASH_LABEL = "pod-template-hash";

  private Templates() {}

  /** Equal but for the label that a Deployment adds. */
  static boolean same(PodTemplateSpec one, PodTemplateSpec other) {
    return withoutHash(one).equals(withoutHash(other));
  }

  private static JsonNode withoutHash(PodTemplateSpec template) {
    ObjectNode tree = KubernetesJson.tree(template);
    if (tree.at("/metadata/labels") instanceof ObjectNode labels) {
      labels.remove(HASH_LABEL);
    }
    return tree;
  }

  /**
   * A short text that differs between templates, almost always.
   *
   * @param collisions how many times that failed for this Deployment
   */
  static String hash(PodTemplateSpec template, int collisions) {
    return CanonicalHash.of(withoutHash(template), collisions);
  }
}
