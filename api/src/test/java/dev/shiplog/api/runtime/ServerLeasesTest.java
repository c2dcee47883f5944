package dev.shiplog.api.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.runtime.KubernetesService.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How API servers know of each other for the Service kubernetes. */
class ServerLeasesTest {

  private static final long LIFETIME = ServerLeases.LIFETIME.toNanos();
  private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
  private static final Place ONE = new Place("10.0.0.1", 6443);
  private static final Place TWO = new Place("10.0.0.2", 6443);

  private final ServerLeases leases = new ServerLeases();

  @Test
  void aServerLivesForAsLongAsItsLeaseChanges() {
    leases.look(List.of(lease(ONE, LONG_AGO), lease(TWO, LONG_AGO)), 0);
    List<ObjectNode> later = List.of(lease(ONE, LONG_AGO), lease(TWO, LONG_AGO.plusSeconds(1)));
    leases.look(later, LIFETIME / 2);

    assertThat(leases.live(later, LIFETIME)).containsExactly(TWO);
    assertThat(leases.over(later, LIFETIME)).containsExactly(later.getFirst());
  }

  @Test
  void clocksOfTheDayDoNotMatter() {
    List<ObjectNode> all = List.of(lease(ONE, LONG_AGO), lease(TWO, Instant.MAX.minusSeconds(9)));
    leases.look(all, 0);

    assertThat(leases.live(all, LIFETIME - 1)).containsExactly(ONE, TWO);
  }

  @Test
  void aServerThatPodsCannotReachIsNotLedTo() {
    List<ObjectNode> all = List.of(ServerLeases.lease("a:1", Optional.empty(), LONG_AGO));
    leases.look(all, 0);

    assertThat(leases.live(all, 1)).isEmpty();
  }

  @Test
  void leasesOfOthersArePassedOver() {
    ObjectNode other = lease(ONE, LONG_AGO);
    other.withObject("/metadata").remove("labels");
    leases.look(List.of(other), 0);

    assertThat(leases.live(List.of(other), 1)).isEmpty();
    assertThat(leases.over(List.of(other), LIFETIME)).isEmpty();
  }

  @Test
  void theEndpointsAreAllServersThatLive() {
    List<ObjectNode> objects = KubernetesService.leadingTo(List.of(TWO, ONE));

    assertThat(objects).hasSize(2);
    assertThat(objects.getFirst().at("/subsets/0/addresses").toString())
        .isEqualTo("[{\"ip\":\"10.0.0.1\"},{\"ip\":\"10.0.0.2\"}]");
    assertThat(objects.getLast().at("/endpoints/1/addresses/0").asText()).isEqualTo("10.0.0.2");
    assertThat(objects.getLast().at("/metadata/name").asText()).isEqualTo("kubernetes");
  }

  @Test
  void serversOnOtherPortsHaveASliceOfTheirOwn() {
    List<ObjectNode> objects =
        KubernetesService.leadingTo(List.of(ONE, new Place("10.0.0.1", 6444)));

    assertThat(objects)
        .extracting(object -> object.at("/metadata/name").asText())
        .containsExactly("kubernetes", "kubernetes", "kubernetes-1");
    assertThat(objects.getFirst().path("subsets")).hasSize(2);
  }

  private static ObjectNode lease(Place place, Instant renewed) {
    return ServerLeases.lease(place.toString(), Optional.of(place), renewed);
  }
}
