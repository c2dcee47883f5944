package dev.shiplog.streams.controllers.rbac;

import static dev.shiplog.streams.kit.ResourceTypes.CLUSTER_ROLES;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectChange;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Selectors;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gives a ClusterRole with an aggregation rule the rules of all that it selects. */
public final class ClusterRoleAggregation implements Controller {

  @Override
  public String name() {
    return "clusterrole-aggregation-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(Source.mapped(CLUSTER_ROLES, ClusterRoleAggregation::concerned));
  }

  private static Collection<String> concerned(ObjectChange<ClusterRole> change, Views views) {
    Set<String> keys = new TreeSet<>();
    keys.add(change.key());
    views.of(CLUSTER_ROLES).all().stream()
        .filter(role -> change.states().anyMatch(one -> selects(role, one)))
        .forEach(role -> keys.add(ObjectKeys.keyOf(role)));
    return keys;
  }

  private static boolean selects(ClusterRole role, ClusterRole other) {
    return role.getAggregationRule() != null
        && role.getAggregationRule().getClusterRoleSelectors().stream()
            .anyMatch(selector -> Selectors.matching(selector).test(other));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return views.of(CLUSTER_ROLES).all().stream().map(ObjectKeys::keyOf).toList();
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    return views
        .of(CLUSTER_ROLES)
        .get(key)
        .filter(role -> role.getAggregationRule() != null)
        .map(role -> aggregate(role, views))
        .orElse(Reconciliation.nothing());
  }

  private static Reconciliation aggregate(ClusterRole role, Views views) {
    Set<PolicyRule> rules = new LinkedHashSet<>();
    views.of(CLUSTER_ROLES).all().stream()
        .filter(other -> !other.getMetadata().getName().equals(role.getMetadata().getName()))
        .filter(other -> selects(role, other))
        .forEach(other -> rules.addAll(other.getRules()));
    if (List.copyOf(rules).equals(role.getRules())) {
      return Reconciliation.nothing();
    }
    ObjectNode patch = KubernetesJson.object();
    ArrayNode list = patch.putArray("rules");
    rules.forEach(rule -> list.add(KubernetesJson.tree(rule)));
    return Reconciliation.of(Commands.patchAsSeen(CLUSTER_ROLES, role, patch));
  }
}
