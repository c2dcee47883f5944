package dev.shiplog.api.addresses;

import static dev.shiplog.api.addresses.AddressedState.EARLIER;
import static dev.shiplog.api.addresses.AddressedState.NOW;
import static dev.shiplog.api.addresses.AddressedState.RANGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RangeKeeperTest {

  private final AddressedState state = new AddressedState();

  /** Makes all changes that are due. */
  private void settle() {
    Optional<ProposedChange> next = RangeKeeper.next(state.now(), RANGE, NOW);
    while (next.isPresent()) {
      state.after(next.get());
      next = RangeKeeper.next(state.now(), RANGE, NOW);
    }
  }

  private Optional<StoredObject> range(String name) {
    return state.now().get(new ObjectKey(ServiceCidr.RESOURCE, "", name));
  }

  private String condition(String name) {
    return range(name).orElseThrow().tree().at("/status/conditions/0").toString();
  }

  @Test
  void theRangeOfTheClusterIsAlwaysThere() {
    settle();

    ObjectNode made = range("kubernetes").orElseThrow().tree();
    assertThat(made.at("/spec/cidrs")).hasToString("[\"10.96.0.0/16\"]");
    assertThat(made.at("/metadata/finalizers"))
        .hasToString("[\"networking.k8s.io/service-cidr-finalizer\"]");
    assertThat(condition("kubernetes"))
        .contains("\"type\":\"Ready\"", "\"status\":\"True\"", "Kubernetes Service CIDR is ready");
  }

  @Test
  void aNewRangeIsReadyAndProtected() {
    state.withRange("more", "10.97.0.0/24", "");
    settle();

    assertThat(condition("more")).contains("\"status\":\"True\"");
    assertThat(range("more").orElseThrow().tree().at("/metadata/finalizers")).hasSize(1);
  }

  @Test
  void whatTheSettingsSayLaterDoesNotChangeIt() {
    state.withRange("kubernetes", "10.95.0.0/16", "");
    settle();

    assertThat(range("kubernetes").orElseThrow().tree().at("/spec/cidrs/0").asText())
        .isEqualTo("10.95.0.0/16");
  }

  @Test
  void aRangeInUseStaysUntilItsAddressesAreGone() {
    state.withEndingRange("more", "10.97.0.0/24").withAddress("10.97.0.9", "web", EARLIER);
    settle();
    assertThat(condition("more"))
        .contains("\"status\":\"False\"", "\"reason\":\"Terminating\"", "still IPAddresses");

    state.after(new ProposedChange.Delete(IpAddresses.key("10.97.0.9"), 0));
    settle();
    assertThat(range("more")).isEmpty();
  }

  @Test
  void aRangeWhoseAddressesAreInAnotherGoesAtOnce() {
    state
        .withEndingRange("more", "10.97.0.0/24")
        .withRange("wider", "10.97.0.0/16", "")
        .withAddress("10.97.0.9", "web", EARLIER);
    settle();

    assertThat(range("more")).isEmpty();
  }

  @Test
  void ofTwoEqualRangesThatAreDeletedTheLastStays() {
    state
        .withEndingRange("one", "10.97.0.0/24")
        .withEndingRange("two", "10.97.0.0/24")
        .withAddress("10.97.0.9", "web", EARLIER);
    settle();

    assertThat(range("one")).isEmpty();
    assertThat(condition("two")).contains("Terminating");
  }

  @Test
  void addressesThatSomebodyElseKeepsHoldNoRange() {
    state
        .withEndingRange("more", "10.97.0.0/24")
        .with(
            IpAddresses.key("10.97.0.9"),
            "{'metadata':{'name':'10.97.0.9'},'spec':{'parentRef':{'resource':'r','name':'n'}}}");
    settle();

    assertThat(range("more")).isEmpty();
  }

  @Test
  void otherFinalizersStay() {
    state.withRange(
        "more",
        "10.97.0.0/24",
        ",'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['networking.k8s.io/service-cidr-finalizer','own/one']");
    settle();

    assertThat(range("more").orElseThrow().tree().at("/metadata/finalizers"))
        .hasToString("[\"own/one\"]");
  }

  @Test
  void aRangeOfTheOtherFamilyIsReadyAsInKubernetesThoughNothingIsTakenFromIt() {
    state.withRange("six", "2001:db8::/64", "");
    settle();

    assertThat(condition("six")).contains("\"status\":\"True\"");
    assertThat(ServiceCidr.open(state.now(), RANGE)).containsExactly(RANGE);
  }
}
