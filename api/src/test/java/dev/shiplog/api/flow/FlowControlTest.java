package dev.shiplog.api.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.flow.FlowControl.Outcome;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.view.FlowStates;
import dev.shiplog.topics.journal.UserInfo;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FlowControlTest {

  private static final int SEATS = 100;

  private long nanos;
  private final FlowControl control =
      new FlowControl(
          () -> FlowStates.of(DefaultFlows.objects()),
          SEATS,
          new SimpleMeterRegistry(),
          () -> nanos);
  private final List<Permit> working = new ArrayList<>();

  private static UserInfo user(String name) {
    return UserInfo.of(name, "system:authenticated");
  }

  private static Attributes list() {
    return new Attributes("list", "", "v1", "pods", "", "default", "", "");
  }

  private Outcome ask(UserInfo user, Consumer<Permit> start) {
    Outcome outcome = control.ask(user, list(), start);
    if (outcome instanceof Outcome.Seated seated) {
      working.add(seated.permit());
    }
    return outcome;
  }

  /** Asks until there is no room. */
  private int flood(String name) {
    int waiting = 0;
    while (true) {
      try {
        if (ask(user(name), working::add) instanceof Outcome.Queued) {
          waiting++;
        }
      } catch (ApiFailure full) {
        return waiting;
      }
    }
  }

  @Test
  void aWideRequestNeedsOneFreeSeatAndKeepsLaterOnesWaitingForAllItTakes() {
    UserInfo jane = user("jane");
    while (control.ask(jane, list(), 10, working::add) instanceof Outcome.Seated wide) {
      working.add(wide.permit());
    }
    int wideOnes = working.size();
    assertThat(wideOnes).isBetween(2, SEATS / 10);

    working.removeFirst().release();

    // The one that waited has begun, in the place of the one that left.
    assertThat(working).hasSize(wideOnes);
    assertThat(ask(user("joe"), working::add)).isInstanceOf(Outcome.Queued.class);
  }

  @Test
  void whoHasAFreeSeatGoesOnAtOnce() {
    assertThat(ask(user("jane"), working::add)).isInstanceOf(Outcome.Seated.class);
  }

  @Test
  void aFloodIsQueuedAndThenRefusedWithAnAdvice() {
    int waiting = flood("noisy");

    assertThat(waiting).isPositive();
    assertThat(working).hasSizeLessThan(SEATS);
    assertThatThrownBy(() -> ask(user("noisy"), working::add))
        .isInstanceOfSatisfying(
            ApiFailure.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(429);
              assertThat(refusal.retryAfterSeconds()).isPositive();
            });
  }

  @Test
  void aFloodByOneDoesNotDelayTheNextOfAnother() {
    flood("noisy");
    List<Permit> quiet = new ArrayList<>();

    assertThat(ask(user("quiet"), quiet::add)).isInstanceOf(Outcome.Queued.class);
    int served = 0;
    while (quiet.isEmpty()) {
      working.removeFirst().release();
      served++;
    }

    assertThat(served).as("requests of others that went first").isLessThanOrEqualTo(8);
  }

  private long of(String name) {
    return working.stream().filter(permit -> permit.user().equals(name)).count();
  }

  @Test
  void aFloodLeavesMostSeatsEmptyWhileOthersAreAbout() {
    flood("noisy");
    int alone = working.size();
    ask(user("quiet"), working::add);
    while (of("noisy") > alone / 2) {
      working.stream().filter(p -> p.user().equals("noisy")).findFirst().orElseThrow().release();
      working.removeIf(Permit::isReleased);
    }

    assertThat(ask(user("quiet"), working::add)).isNotNull();
    assertThat(of("quiet")).isEqualTo(2);
    assertThat(of("noisy")).isLessThanOrEqualTo(alone / 2);
  }

  @Test
  void whoAsksBesideAFloodGoesOnThoughOthersWait() {
    ask(user("quiet"), working::add);
    flood("noisy");
    assertThat(of("noisy")).isLessThan(SEATS / 4);

    for (int i = 0; i < 3; i++) {
      ask(user("quiet"), working::add);
    }

    assertThat(of("quiet")).isEqualTo(4);
  }

  @Test
  void aFloodHasAllSeatsOnceNobodyElseIsAbout() {
    ask(user("quiet"), working::add);
    flood("noisy");
    long beside = of("noisy");

    nanos += TimeUnit.SECONDS.toNanos(6);
    working.stream().filter(p -> p.user().equals("noisy")).findFirst().orElseThrow().release();

    assertThat(of("noisy")).isGreaterThan(beside + 2);
  }

  @Test
  void nodesWhichAlwaysAskTakeNoSeatsFromAnyoneByThat() {
    ask(UserInfo.of("system:node:n1", "system:nodes"), working::add);

    flood("noisy");

    assertThat(of("noisy")).isGreaterThan(SEATS / 4);
  }

  @Test
  void administratorsNeverWait() {
    flood("noisy");

    assertThat(ask(UserInfo.of("boss", "system:masters"), working::add))
        .isInstanceOf(Outcome.Seated.class);
  }

  @Test
  void aLevelThatRestsLendsItsSeats() {
    long own =
        DefaultFlows.objects().stream()
            .filter(o -> o.at("/metadata/name").asText().equals("global-default"))
            .mapToLong(FlowControlTest::nominal)
            .sum();
    flood("noisy");

    assertThat((long) working.size()).isGreaterThan(own);
    assertThat(ask(UserInfo.of("system:node:a", "system:nodes"), working::add))
        .isInstanceOf(Outcome.Seated.class);
  }

  private static long nominal(ObjectNode level) {
    return Math.ceilDiv(
        (long) SEATS * level.at("/spec/limited/nominalConcurrencyShares").asInt(), 245L);
  }

  @Test
  void aSeatIsGivenBackOnceHoweverOftenThatIsSaid() {
    flood("noisy");
    int before = working.size();
    Permit permit = working.removeFirst();

    permit.release();
    permit.release();

    assertThat(working).hasSize(before);
  }

  @Test
  void whoGivesUpWaitingIsNotStarted() {
    flood("noisy");
    List<Permit> quiet = new ArrayList<>();
    Outcome.Queued queued = (Outcome.Queued) ask(user("quiet"), quiet::add);

    assertThat(queued.giveUp().getAsBoolean()).isTrue();
    List.copyOf(working).forEach(Permit::release);

    assertThat(quiet).isEmpty();
    assertThat(queued.giveUp().getAsBoolean()).isFalse();
  }
}
