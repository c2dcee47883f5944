package dev.shiplog.streams.controllers.quota;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which pods a quota counts. */
final class Scopes {

  private Scopes() {}

  static Predicate<Pod> of(ResourceQuota quota) {
    Predicate<Pod> all = pod -> true;
    for (String scope : quota.getSpec().getScopes()) {
      all = all.and(pod -> matches(scope, "Exists", List.of(), pod));
    }
    if (quota.getSpec().getScopeSelector() != null) {
      for (ScopedResourceSelectorRequirement one :
          quota.getSpec().getScopeSelector().getMatchExpressions()) {
        all = all.and(pod -> matches(one.getScopeName(), one.getOperator(), one.getValues(), pod));
      }
    }
    return all;
  }

  private static boolean matches(String scope, String operator, List<String> values, Pod pod) {
    return switch (scope) {
      case "Terminating" -> pod.getSpec().getActiveDeadlineSeconds() != null;
      case "NotTerminating" -> pod.getSpec().getActiveDeadlineSeconds() == null;
      case "BestEffort" -> isBestEffort(pod);
      case "NotBestEffort" -> !isBestEffort(pod);
      case "PriorityClass" -> hasClass(pod.getSpec().getPriorityClassName(), operator, values);
      default -> false;
    };
  }

  private static boolean hasClass(String name, String operator, List<String> values) {
    return switch (operator) {
      case "In" -> name != null && values.contains(name);
      case "NotIn" -> name == null || !values.contains(name);
      case "Exists" -> name != null && !name.isEmpty();
      case "DoesNotExist" -> name == null || name.isEmpty();
      default -> false; // validation refuses any other
    };
  }

  private static boolean isBestEffort(Pod pod) {
    return Stream.concat(
            pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
        .allMatch(Scopes::asksForNothing);
  }

  private static boolean asksForNothing(Container container) {
    return container.getResources() == null
        || (isEmpty(container.getResources().getRequests())
            && isEmpty(container.getResources().getLimits()));
  }

  private static boolean isEmpty(Map<?, ?> map) {
    return map == null || map.isEmpty();
  }
}
