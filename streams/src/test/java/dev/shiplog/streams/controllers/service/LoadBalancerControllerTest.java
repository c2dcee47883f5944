package dev.shiplog.streams.controllers.service;

import static dev.shiplog.streams.kit.ResourceTypes.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.streams.controllers.Scenario;
import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.Reconciliation;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses of a pool that has two of them. */
final class LoadBalancerControllerTest {

  private final Scenario cluster = new Scenario(new LoadBalancerController("10.112.0.0/30"));

  private static ServiceBuilder balanced(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withType("LoadBalancer")
        .endSpec();
  }

  private static Service at(ServiceBuilder service, String ip) {
    return service
        .withNewStatus()
        .withNewLoadBalancer()
        .addNewIngress()
        .withIp(ip)
        .endIngress()
        .endLoadBalancer()
        .endStatus()
        .build();
  }

  private Reconciliation reconcile() {
    return cluster.reconcile("pool");
  }

  private List<String> given() {
    return reconcile().commands().stream().map(LoadBalancerControllerTest::address).toList();
  }

  private static String address(CommandRequest command) {
    return command.body().at("/status/loadBalancer/ingress/0/ip").asText();
  }

  @Test
  void eachServiceGetsAnAddressOfItsOwn() {
    cluster.given(SERVICES, balanced("one").build());
    cluster.given(SERVICES, balanced("two").build());

    assertThat(given()).containsExactly("10.112.0.1", "10.112.0.2");
  }

  @Test
  void whatAServiceHasItKeepsAndNobodyElseGets() {
    cluster.given(SERVICES, at(balanced("one"), "10.112.0.1"));
    cluster.given(SERVICES, balanced("two").build());

    assertThat(given()).containsExactly("10.112.0.2");
  }

  @Test
  void aServiceMayAskForAnAddressOfThePool() {
    cluster.given(
        SERVICES, balanced("one").editSpec().withLoadBalancerIP("10.112.0.2").endSpec().build());

    assertThat(given()).containsExactly("10.112.0.2");
  }

  @Test
  void withoutAFreeAddressItIsTold() {
    cluster.given(SERVICES, at(balanced("one"), "10.112.0.1"));
    cluster.given(SERVICES, at(balanced("two"), "10.112.0.2"));
    cluster.given(SERVICES, balanced("three").build());

    Reconciliation result = reconcile();

    assertThat(result.commands()).isEmpty();
    assertThat(result.events())
        .extracting(EventRequest::reason)
        .containsExactly("SyncLoadBalancerFailed");
  }

  @Test
  void aServiceOfAnotherTypeGivesItsAddressBack() {
    cluster.given(
        SERVICES, at(balanced("one").editSpec().withType("ClusterIP").endSpec(), "10.112.0.1"));

    assertThat(reconcile().commands())
        .singleElement()
        .satisfies(
            each -> assertThat(each.body().at("/status/loadBalancer/ingress").isNull()).isTrue());
  }

  @Test
  void aServiceOfAClassIsSomebodyElses() {
    cluster.given(
        SERVICES,
        balanced("one").editSpec().withLoadBalancerClass("example.com/lb").endSpec().build());

    assertThat(reconcile().commands()).isEmpty();
  }
}
