package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyTurnsTest {

  private final BodyTurns turns = new BodyTurns();
  private final List<String> granted = new ArrayList<>();

  private List<BodyTurns.Turn> ask(String user, int times) {
    List<BodyTurns.Turn> asked = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String name = user + i;
      asked.add(turns.ask(user, () -> granted.add(name)));
    }
    return asked;
  }

  @Test
  void aFewOfAUsersAreReadAtATimeAndTheOthersInTheirOrder() {
    List<BodyTurns.Turn> asked = ask("jane", BodyTurns.AT_ONCE + 2);
    assertThat(asked.subList(0, BodyTurns.AT_ONCE)).allMatch(BodyTurns.Turn::isHeld);
    assertThat(asked.get(BodyTurns.AT_ONCE).isHeld()).isFalse();

    asked.get(1).end();
    assertThat(granted).containsExactly("jane" + BodyTurns.AT_ONCE);
    assertThat(asked.get(BodyTurns.AT_ONCE).isHeld()).isTrue();
    asked.get(0).end();
    assertThat(granted).hasSize(2);
  }

  @Test
  void usersDoNotWaitForEachOther() {
    ask("jane", 2 * BodyTurns.AT_ONCE);

    assertThat(ask("joe", BodyTurns.AT_ONCE)).allMatch(BodyTurns.Turn::isHeld);
  }

  @Test
  void whoGivesUpWaitsForNothing() {
    List<BodyTurns.Turn> asked = ask("jane", BodyTurns.AT_ONCE + 2);
    asked.get(BodyTurns.AT_ONCE).end();

    asked.getFirst().end();

    assertThat(granted).containsExactly("jane" + (BodyTurns.AT_ONCE + 1));
  }

  @Test
  void aTurnIsGivenBackOnce() {
    List<BodyTurns.Turn> asked = ask("jane", BodyTurns.AT_ONCE + 2);

    asked.getFirst().end();
    asked.getFirst().end();

    assertThat(granted).hasSize(1);
  }

  @Test
  void onlySoManyWait() {
    List<BodyTurns.Turn> asked = ask("jane", BodyTurns.AT_ONCE + BodyTurns.MOST_WAITING);

    assertThatThrownBy(() -> ask("jane", 1)).isInstanceOf(ApiFailure.class);
    asked.forEach(BodyTurns.Turn::end);
    assertThat(ask("jane", BodyTurns.AT_ONCE)).allMatch(BodyTurns.Turn::isHeld);
  }
}
