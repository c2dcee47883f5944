package dev.shiplog.api.addresses;

import static dev.shiplog.api.addresses.AddressedState.EARLIER;
import static dev.shiplog.api.addresses.AddressedState.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressRepairTest {

  private final AddressedState state = new AddressedState();

  private List<ProposedChange> changes() {
    return AddressRepair.changes(state.now(), NOW);
  }

  private StoredObject repaired(String address) {
    changes().forEach(state::after);
    return state.now().get(IpAddresses.key(address)).orElseThrow();
  }

  @Test
  void servicesOfAnOlderLogGetTheirs() {
    state.withService("web", "10.96.1.1").withService("none", "None");

    StoredObject made = repaired("10.96.1.1");

    assertThat(made.labels())
        .containsEntry("ipaddress.kubernetes.io/ip-family", "IPv4")
        .containsEntry("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
    assertThat(made.tree().path("spec"))
        .hasToString(
            "{\"parentRef\":{\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"web\"}}");
    assertThat(made.uid()).isNotEmpty();
    assertThat(changes()).isEmpty();
  }

  @Test
  void whatIsAsItShouldBeStays() {
    state.withService("web", "10.96.1.1").withAddress("10.96.1.1", "web", EARLIER);

    assertThat(changes()).isEmpty();
  }

  @Test
  void oneThatNamesAnotherServiceIsMadeToNameTheRightOne() {
    state.withService("web", "10.96.1.1").withAddress("10.96.1.1", "other", EARLIER);

    assertThat(IpAddresses.holders(repaired("10.96.1.1").tree())).containsExactly("default/web");
  }

  @Test
  void oneWithoutTheLabelsGetsThem() {
    state
        .withService("web", "10.96.1.1")
        .with(
            IpAddresses.key("10.96.1.1"),
            """
            {'metadata':{'name':'10.96.1.1','labels':{'own':'yes'}},
             'spec':{'parentRef':{'resource':'services','namespace':'default','name':'web'}}}\
            """);

    assertThat(repaired("10.96.1.1").labels()).hasSize(3).containsEntry("own", "yes");
  }

  @Test
  void oneWithoutAServiceGoesAfterAWhile() {
    state.withAddress("10.96.1.1", "gone", EARLIER).withAddress("10.96.1.2", "coming", NOW);

    assertThat(changes())
        .extracting(ProposedChange::key)
        .containsExactly(IpAddresses.key("10.96.1.1"));
  }

  @Test
  void oneThatSomebodyElseKeepsStays() {
    state.with(
        IpAddresses.key("10.96.1.1"),
        "{'metadata':{'name':'10.96.1.1'},'spec':{'parentRef':{'group':'g','resource':'r','name':'n'}}}");

    assertThat(changes()).isEmpty();
  }

  @Test
  void manyAreMadeInTurns() {
    for (int i = 1; i < 250; i++) {
      state.withService("s" + i, "10.96.1." + i);
    }

    assertThat(changes()).hasSize(200);
    changes().forEach(state::after);
    assertThat(changes()).hasSize(49);
  }
}
