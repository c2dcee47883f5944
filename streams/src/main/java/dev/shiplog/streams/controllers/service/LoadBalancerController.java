package dev.shiplog.streams.controllers.service;

import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each Service of type LoadBalancer an address of a pool, and takes it back. The proxy of
 * every node answers at these addresses; how they are reached from outside of the nodes is up to
 * whoever runs the network. A Service that names a load balancer class is somebody else's.
 *
 * <p>There is one key for all: two Services must never get the same address.
 */
public final class LoadBalancerController implements Controller {

  /** Addresses beside those of services, which nodes have a way to as well. */
  public static final String DEFAULT_POOL = "10.112.0.0/24";

  private static final String ALL = "pool";

  private static final Comparator<Service> OLDEST_FIRST =
      Comparator.comparing((Service each) -> each.getMetadata().getCreationTimestamp())
          .thenComparing(ObjectKeys::keyOf);

  private final AddressRange pool;

  /**
   * A controller.
   *
   * @param pool the addresses it gives, for example {@code 10.112.0.0/24}
   */
  public LoadBalancerController(String pool) {
    this.pool = AddressRange.of(pool);
  }

  @Override
  public String name() {
    return "service-lb-controller";
  }

  /** Kubernetes grants what it does to an account of an older name. */
  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:service-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.mapped(
            SERVICES,
            (change, views) ->
                change.states().anyMatch(each -> isBalanced(each) || !addresses(each).isEmpty())
                    ? List.of(ALL)
                    : List.of()));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return List.of(ALL);
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Collection<Service> all = views.of(SERVICES).all();
    Set<String> taken = new HashSet<>();
    all.forEach(each -> taken.addAll(addresses(each)));
    Reconciliation.Builder result = Reconciliation.builder();
    all.stream()
        .filter(each -> !isBalanced(each) && each.getSpec().getLoadBalancerClass() == null)
        .filter(each -> addresses(each).stream().anyMatch(pool::contains))
        .forEach(each -> result.command(patch(each, Optional.empty())));
    all.stream()
        .filter(each -> isBalanced(each) && addresses(each).isEmpty())
        .sorted(OLDEST_FIRST)
        .forEach(each -> give(each, taken, result));
    return result.build();
  }

  private void give(Service service, Set<String> taken, Reconciliation.Builder result) {
    Optional<String> address = choose(service, taken);
    if (address.isEmpty()) {
      result.event(
          EventRequest.warning(
              SERVICES,
              service,
              "SyncLoadBalancerFailed",
              "no address that the service may have is free in the load balancer pool"));
      return;
    }
    taken.add(address.get());
    result.command(
        patch(service, address),
        EventRequest.normal(
            SERVICES, service, "EnsuredLoadBalancer", "Ensured load balancer at " + address.get()));
  }

  /** The address that the service asks for, or else any. */
  private Optional<String> choose(Service service, Set<String> taken) {
    String wanted = service.getSpec().getLoadBalancerIP();
    return wanted == null || wanted.isEmpty()
        ? pool.free(taken)
        : Optional.of(wanted).filter(pool::contains).filter(each -> !taken.contains(each));
  }

  private static CommandRequest patch(Service service, Optional<String> address) {
    ObjectNode patch = KubernetesJson.object();
    ObjectNode balancer = patch.putObject("status").putObject("loadBalancer");
    if (address.isPresent()) {
      balancer.putArray("ingress").addObject().put("ip", address.get()).put("ipMode", "VIP");
    } else {
      balancer.putNull("ingress");
    }
    return Commands.patchSubresource(SERVICES, "status", service, patch);
  }

  private static boolean isBalanced(Service service) {
    return "LoadBalancer".equals(service.getSpec().getType())
        && service.getSpec().getLoadBalancerClass() == null
        && service.getMetadata().getDeletionTimestamp() == null;
  }

  private static List<String> addresses(Service service) {
    return service.getStatus() == null || service.getStatus().getLoadBalancer() == null
        ? List.of()
        : service.getStatus().getLoadBalancer().getIngress().stream()
            .map(LoadBalancerIngress::getIp)
            .filter(ip -> ip != null && !ip.isEmpty())
            .toList();
  }
}
