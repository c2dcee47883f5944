package dev.shiplog.standalone;

import dev.shiplog.agent.proxy.ProxySettings;
import dev.shiplog.streams.controllers.service.LoadBalancerController;
import java.util.List;

/** The addresses inside a cluster; the usual ones of Kubernetes installations. */
final class ClusterNetwork {

  /** All pods of the cluster's machines; simulated pods have addresses of their own. */
  static final String PODS = "10.244.0.0/16";

  /** The part of {@link #PODS} for the node of this process. */
  static final String PODS_OF_THIS_NODE = "10.244.0.0/24";

  static final String SERVICES = "10.96.0.0/12";

  /** Where pods ask for names: the Service kube-dns. */
  static final String DNS = "10.96.0.10";

  static final String DOMAIN = "cluster.local";

  private ClusterNetwork() {}

  /** What a machine leads to the pods behind Services. */
  static ProxySettings proxied(String node) {
    return new ProxySettings(
        node,
        PODS,
        List.of(SERVICES, LoadBalancerController.DEFAULT_POOL),
        ProxySettings.DEFAULT_TABLE);
  }
}
