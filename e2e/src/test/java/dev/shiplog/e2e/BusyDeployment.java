package dev.shiplog.e2e;

/** A Deployment whose simulated pods use more than they ask for, so that an autoscaler acts. */
final class BusyDeployment {

  /** What a pod uses, as {@code kubectl top} shows it. */
  static final String CPU = "90m";

  static final String MEMORY = "64Mi";

  /** What an autoscaler says that a pod uses of what it asks for. */
  static final String UTILIZATION = "180%";

  static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: busy}
      spec:
        selector: {matchLabels: {app: busy}}
        template:
          metadata:
            labels: {app: busy}
            annotations:
              simulated.shiplog.dev/cpu: 90m
              simulated.shiplog.dev/memory: 64Mi
          spec:
            containers:
            - {name: c, image: busybox, resources: {requests: {cpu: 50m}}}
      """;

  private BusyDeployment() {}
}
