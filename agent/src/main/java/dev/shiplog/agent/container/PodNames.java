package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.Pod;

/** How a pod is called on the network. */
public final class PodNames {

  /** The kernel's limit. */
  private static final int MAX_HOSTNAME = 63;

  private PodNames() {}

  /** The host name a pod sees: the one it asks for, or its own name, shortened to what fits. */
  public static String hostname(Pod pod, String clusterDomain) {
    String name = shortName(pod);
    String domain = domain(pod, clusterDomain);
    return Boolean.TRUE.equals(pod.getSpec().getSetHostnameAsFQDN()) && !domain.isEmpty()
        ? name + "." + domain
        : name;
  }

  /** The first label of its full name. */
  public static String shortName(Pod pod) {
    String wanted = pod.getSpec().getHostname();
    String name = wanted == null || wanted.isEmpty() ? pod.getMetadata().getName() : wanted;
    if (name.length() <= MAX_HOSTNAME) {
      return name;
    }
    return name.substring(0, MAX_HOSTNAME).replaceAll("[-.]+$", "");
  }

  /** What follows the host name in its full name; empty if it has no subdomain. */
  public static String domain(Pod pod, String clusterDomain) {
    String subdomain = pod.getSpec().getSubdomain();
    return subdomain == null || subdomain.isEmpty()
        ? ""
        : subdomain + "." + pod.getMetadata().getNamespace() + ".svc." + clusterDomain;
  }
}
