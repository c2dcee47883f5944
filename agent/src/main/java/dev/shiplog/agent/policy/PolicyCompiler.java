package dev.shiplog.agent.policy;

import dev.shiplog.agent.policy.PodIsolation.Allowance;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * From policies, pods and namespaces to what becomes of each pod of this node. A pod is isolated in
 * a direction once any policy for that direction selects it; then what any of these policies allows
 * is allowed.
 *
 * @param node the node's name
 */
record PolicyCompiler(String node) {

  /** The isolated pods of this node, in the order of their keys. */
  List<PodIsolation> compile(PolicyView view) {
    PeerResolver peers = new PeerResolver(view);
    Map<String, List<NetworkPolicy>> byNamespace = new HashMap<>();
    view.policies()
        .values()
        .forEach(policy ->
            byNamespace
                .computeIfAbsent(policy.getMetadata().getNamespace(), n -> new ArrayList<>())
                .add(policy));
    if (byNamespace.isEmpty()) {
      return List.of();
    }
    return view.pods().values().stream()
        .filter(pod -> pod.node().equals(node))
        .flatMap(pod ->
            isolation(pod, byNamespace.getOrDefault(pod.namespace(), List.of()), peers).stream())
        .toList();
  }

  private static Optional<PodIsolation> isolation(
      PolicyPod pod, List<NetworkPolicy> ofNamespace, PeerResolver peers) {
    List<NetworkPolicy> selecting =
        ofNamespace.stream().filter(policy -> selects(policy, pod)).toList();
    Optional<List<Allowance>> ingress =
        allowed(selecting, PolicyCompiler::isForIngress, policy -> ingress(policy, pod, peers));
    Optional<List<Allowance>> egress =
        allowed(selecting, PolicyCompiler::isForEgress, policy -> egress(policy, peers));
    return ingress.isEmpty() && egress.isEmpty()
        ? Optional.empty()
        : Optional.of(new PodIsolation(pod.ip(), ingress, egress));
  }

  private static boolean selects(NetworkPolicy policy, PolicyPod pod) {
    var selector = policy.getSpec().getPodSelector();
    return selector == null || LabelSelectors.matches(selector, pod.labels());
  }

  private static Optional<List<Allowance>> allowed(
      List<NetworkPolicy> selecting,
      Predicate<NetworkPolicySpec> direction,
      Function<NetworkPolicy, Stream<Allowance>> allowances) {
    List<NetworkPolicy> some =
        selecting.stream().filter(policy -> direction.test(policy.getSpec())).toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(some.stream().flatMap(allowances).distinct().toList());
  }

  /** Where a policy does not say what it is for, what it holds says it. */
  private static boolean isForIngress(NetworkPolicySpec spec) {
    return spec.getPolicyTypes().isEmpty() || spec.getPolicyTypes().contains("Ingress");
  }

  private static boolean isForEgress(NetworkPolicySpec spec) {
    return spec.getPolicyTypes().isEmpty()
        ? !spec.getEgress().isEmpty()
        : spec.getPolicyTypes().contains("Egress");
  }

  private static Stream<Allowance> ingress(
      NetworkPolicy policy, PolicyPod pod, PeerResolver peers) {
    String namespace = policy.getMetadata().getNamespace();
    List<NetworkPolicyIngressRule> rules = policy.getSpec().getIngress();
    return rules.stream()
        .flatMap(rule -> peers.ingress(namespace, rule.getFrom(), rule.getPorts(), pod));
  }

  private static Stream<Allowance> egress(NetworkPolicy policy, PeerResolver peers) {
    String namespace = policy.getMetadata().getNamespace();
    List<NetworkPolicyEgressRule> rules = policy.getSpec().getEgress();
    return rules.stream().flatMap(rule -> peers.egress(namespace, rule.getTo(), rule.getPorts()));
  }
}
