package dev.shiplog.api.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.record.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a namespace that is being deleted says of what keeps it. */
class RemainsTest {

  private final Remains remains = new Remains();

  private List<String> told() {
    return remains.conditions().stream()
        .map(c -> "%s=%s %s: %s".formatted(c.type(), c.status(), c.reason(), c.message()))
        .toList();
  }

  @Test
  void whereNothingIsLeftNoConditionHolds() {
    assertThat(remains.none()).isTrue();
    assertThat(remains.conditions()).hasSize(5).noneMatch(Remains.Condition::holds);
  }

  @Test
  void objectsAndTheirFinalizersAreCountedByName() throws Exception {
    remains.count("configmaps", "", 2);
    remains.count("ships", "sea.example.com", 1);
    remains.count("pods", "", 0);
    remains.finalizersOf(Json.MAPPER.readTree("{\"metadata\":{\"finalizers\":[\"a.b/c\"]}}"));
    remains.finalizersOf(Json.MAPPER.readTree("{\"metadata\":{}}"));

    assertThat(told())
        .contains(
            "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining:"
                + " configmaps. has 2 resource instances, ships.sea.example.com has 1 resource"
                + " instances",
            "NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace"
                + " has finalizers remaining: a.b/c in 1 resource instances");
    assertThat(remains.none()).isFalse();
  }

  @Test
  void whatOtherServersDoNotSayOrDoIsToldToo() {
    Remains elsewhere = new Remains();
    elsewhere.undiscovered("a.example.com/v1");
    elsewhere.failed("dials of b.example.com/v1: it answered with status 500: ");
    remains.add(elsewhere);

    assertThat(told())
        .contains(
            "NamespaceDeletionDiscoveryFailure=True DiscoveryFailed: Discovery failed for some"
                + " groups, 1 failing: unable to retrieve the complete list of server APIs:"
                + " a.example.com/v1: stale GroupVersion discovery: a.example.com/v1",
            "NamespaceDeletionContentFailure=True ContentDeletionFailed: Failed to delete all"
                + " resource types, 1 remaining: dials of b.example.com/v1: it answered with status"
                + " 500: ");
    assertThat(remains.none()).isFalse();
  }
}
