package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.service;
import static dev.shiplog.agent.proxy.Clusters.withNodePort;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The service default/dns at 10.96.0.10:53, whose endpoints listen at port 5353. */
final class StaleFlowsTest {

  private static final String VIP = "10.96.0.10";
  private static final Service DNS = service("dns", VIP, "UDP", 53).build();

  private final Kernel kernel = new Kernel();
  private final StaleFlows stale = new StaleFlows(kernel);

  /** Remembers flows, and who asked for them. */
  private static final class Kernel implements UdpFlows {

    private final List<UdpFlow> flows = new ArrayList<>();
    private int listings;

    @Override
    public List<UdpFlow> to(String address, int port) {
      listings++;
      return flows.stream()
          .filter(flow -> flow.port() == port)
          .filter(flow -> address.isEmpty() || flow.address().equals(address))
          .toList();
    }

    @Override
    public void forget(UdpFlow flow) {
      flows.remove(flow);
    }
  }

  @Test
  void aFlowToAnEndpointThatIsGoneIsForgotten() {
    UdpFlow kept = flow(VIP, 53, "10.244.0.2");
    UdpFlow stays = flow("10.96.0.11", 53, "10.244.0.1");
    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.1", "10.244.0.2"));
    remember(flow(VIP, 53, "10.244.0.1"), kept, stays);

    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.2"));

    assertThat(kernel.flows).containsExactly(kept, stays);
  }

  @Test
  void whatAnEarlierProxyLeftIsForgottenAtTheStart() {
    remember(flow(VIP, 53, "10.244.0.1"));

    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.2"));

    assertThat(kernel.flows).isEmpty();
  }

  @Test
  void aFlowThatLedNowhereIsForgottenAsSoonAsThereIsAnEndpoint() {
    UdpFlow nowhere = new UdpFlow(VIP, 53, new Endpoint(VIP, 53));
    remember(nowhere);
    follow(DNS, ready("dns", "UDP", 5353));
    assertThat(kernel.flows).containsExactly(nowhere);

    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.1"));

    assertThat(kernel.flows).isEmpty();
  }

  @Test
  void anEndpointThatIsAboutToEndKeepsItsFlowsWhileItServes() {
    UdpFlow flow = flow(VIP, 53, "10.244.0.1");
    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.1"));
    remember(flow);

    follow(DNS, ending(true));
    assertThat(kernel.flows).containsExactly(flow);
    follow(DNS, ending(false));

    assertThat(kernel.flows).isEmpty();
  }

  @Test
  void flowsOfAServiceThatIsGoneAreForgotten() {
    follow(DNS, ready("dns", "UDP", 5353, "10.244.0.1"));
    remember(flow(VIP, 53, "10.244.0.1"));

    stale.follow(ServiceView.EMPTY);

    assertThat(kernel.flows).isEmpty();
  }

  @Test
  void aNodePortIsTheNodesAndNoOtherMachines() {
    Service open = withNodePort(service("dns", VIP, "UDP", 53), 30_053);
    UdpFlow own = flow("127.0.0.1", 30_053, "10.244.0.1");
    UdpFlow nowhereHere = new UdpFlow("127.0.0.1", 30_053, new Endpoint("127.0.0.1", 30_053));
    UdpFlow elsewhere = new UdpFlow("192.0.2.9", 30_053, new Endpoint("192.0.2.9", 30_053));
    remember(own, nowhereHere, elsewhere);

    follow(open, ready("dns", "UDP", 5353, "10.244.0.2"));

    assertThat(kernel.flows).containsExactly(elsewhere);
  }

  @Test
  void nobodyIsAskedForWhatDidNotChange() {
    EndpointSlice slice = ready("dns", "UDP", 5353, "10.244.0.1");
    follow(DNS, slice);
    int before = kernel.listings;

    stale.follow(
        ServiceView.of(
            List.of(DNS, service("web", "10.96.0.12", "TCP", 80).build()), List.of(slice)));

    assertThat(kernel.listings).isEqualTo(before);
  }

  @Test
  void linesOfTheToolAreRead() {
    assertThat(
            UdpFlow.parse(
                "udp      17 119 src=10.244.0.9 dst=10.96.0.10 sport=4000 dport=53 src=10.244.0.1"
                    + " dst=10.244.0.9 sport=5353 dport=4000 [ASSURED] mark=0 use=1"))
        .contains(flow(VIP, 53, "10.244.0.1"));
    assertThat(
            UdpFlow.parse(
                "udp      17 29 src=10.244.0.9 dst=10.96.0.10 sport=4000 dport=53 [UNREPLIED]"
                    + " src=10.96.0.10 dst=10.244.0.9 sport=53 dport=4000 mark=0 use=1"))
        .contains(new UdpFlow(VIP, 53, new Endpoint(VIP, 53)));
    assertThat(UdpFlow.parse("conntrack v1.4.7 (conntrack-tools)")).isEmpty();
  }

  private void follow(Service service, EndpointSlice slice) {
    stale.follow(ServiceView.of(List.of(service), List.of(slice)));
  }

  private void remember(UdpFlow... flows) {
    kernel.flows.addAll(List.of(flows));
  }

  private static UdpFlow flow(String address, int port, String endpoint) {
    return new UdpFlow(address, port, new Endpoint(endpoint, 5353));
  }

  private static EndpointSlice ending(boolean serving) {
    return new EndpointSliceBuilder(ready("dns", "UDP", 5353, "10.244.0.1"))
        .editFirstEndpoint()
        .withNewConditions()
        .withReady(false)
        .withServing(serving)
        .withTerminating(true)
        .endConditions()
        .endEndpoint()
        .build();
  }
}
