package dev.shiplog.agent.policy;

import dev.shiplog.agent.cluster.KubernetesJson;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A cluster of a few pods on one node, and policies as people write them. */
final class Policies {

  static final String NODE = "node-1";

  private Policies() {}

  static PolicyPod pod(String namespace, String app, String ip) {
    return new PolicyPod(namespace, Map.of("app", app), ip, NODE, Map.of("TCP/web", 8080));
  }

  static PolicyView view(PolicyPod... pods) {
    PolicyView view =
        PolicyView.EMPTY
            .withNamespace("default", Map.of("kubernetes.io/metadata.name", "default"))
            .withNamespace("other", Map.of("kubernetes.io/metadata.name", "other", "team", "blue"));
    for (PolicyPod pod : pods) {
      view = view.withPod(pod.namespace() + "/" + pod.ip(), pod);
    }
    return view;
  }

  /** In namespace default, with this spec in YAML. */
  static PolicyView with(PolicyView view, String name, String spec) {
    String yaml =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: %s\n"
                .formatted(name)
            + "  namespace: default\nspec:\n"
            + spec.indent(2);
    return view.withPolicy(
        "default/" + name,
        KubernetesJson.read(yaml.getBytes(StandardCharsets.UTF_8), NetworkPolicy.class));
  }
}
