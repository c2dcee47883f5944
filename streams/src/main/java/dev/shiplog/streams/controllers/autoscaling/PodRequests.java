package dev.shiplog.streams.controllers.autoscaling;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What pods request of a resource, in thousandths. */
final class PodRequests {

  private PodRequests() {}

  /**
   * By pod.
   *
   * @param container of this container alone; empty for the whole pod
   * @throws MetricFailure if one requests nothing: a share of nothing cannot be told
   */
  static Map<String, Long> of(Collection<Pod> pods, String resource, String container) {
    Map<String, Long> requests = new HashMap<>();
    for (Pod pod : pods) {
      Quantity ofPod = request(pod.getSpec().getResources(), resource);
      requests.put(
          pod.getMetadata().getName(),
          container.isEmpty() && ofPod != null
              ? PodMetric.milli(ofPod)
              : ofContainers(pod, resource, container));
    }
    return requests;
  }

  private static long ofContainers(Pod pod, String resource, String container) {
    long sum = 0;
    for (Container one : containers(pod)) {
      if (!container.isEmpty() && !one.getName().equals(container)) {
        continue;
      }
      Quantity request = request(one.getResources(), resource);
      if (request == null) {
        throw new MetricFailure(
            "missing request for %s in container %s of Pod %s"
                .formatted(resource, one.getName(), pod.getMetadata().getName()));
      }
      sum += PodMetric.milli(request);
    }
    return sum;
  }

  /** Those that run all the time: sidecars too. */
  private static List<Container> containers(Pod pod) {
    return Stream.concat(
            pod.getSpec().getContainers().stream(),
            pod.getSpec().getInitContainers().stream()
                .filter(init -> "Always".equals(init.getRestartPolicy())))
        .toList();
  }

  private static Quantity request(ResourceRequirements resources, String resource) {
    return resources == null || resources.getRequests() == null
        ? null
        : resources.getRequests().get(resource);
  }
}
