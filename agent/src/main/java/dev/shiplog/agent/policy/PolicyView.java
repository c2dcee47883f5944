package dev.shiplog.agent.policy;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Map;
import org.pcollections.TreePMap;

/**
 * Network policies, and pods and namespaces as these select them, at one moment. Immutable.
 *
 * @param policies by {@code namespace/name}
 * @param pods by {@code namespace/name}, those with an address of their own
 * @param namespaces labels by name
 */
record PolicyView(
    TreePMap<String, NetworkPolicy> policies,
    TreePMap<String, PolicyPod> pods,
    TreePMap<String, Map<String, String>> namespaces) {

  static final PolicyView EMPTY =
      new PolicyView(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

  /** With a policy put in, or taken out where it is null. */
  PolicyView withPolicy(String key, NetworkPolicy policy) {
    return new PolicyView(with(policies, key, policy), pods, namespaces);
  }

  /** With a pod put in, or taken out where it is null. */
  PolicyView withPod(String key, PolicyPod pod) {
    return new PolicyView(policies, with(pods, key, pod), namespaces);
  }

  /** With a namespace put in, or taken out where it is null. */
  PolicyView withNamespace(String name, Map<String, String> labels) {
    return new PolicyView(policies, pods, with(namespaces, name, labels));
  }

  private static <T> TreePMap<String, T> with(TreePMap<String, T> map, String key, T value) {
    return value == null ? map.minus(key) : map.plus(key, value);
  }
}
