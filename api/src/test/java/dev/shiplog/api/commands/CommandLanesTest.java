package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.topics.journal.CommandRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLanesTest {

  private final CommandLanes lanes = new CommandLanes();

  @Test
  void commandsOfOneLaneWaitForEachOther() {
    assertThat(lanes.add(command(0, "a"))).isTrue();
    assertThat(lanes.add(command(1, "a"))).isFalse();
    assertThat(lanes.add(command(2, "a"))).isFalse();

    assertThat(lanes.decided(command(0, "a"))).containsExactly(command(1, "a"));
    assertThat(lanes.decided(command(1, "a"))).containsExactly(command(2, "a"));
    assertThat(lanes.decided(command(2, "a"))).isEmpty();
    assertThat(lanes.size()).isZero();
  }

  @Test
  void commandsOfDifferentLanesDoNot() {
    lanes.add(command(0, "a"));

    assertThat(lanes.add(command(1, "b"))).isTrue();
  }

  @Test
  void aLaneThatIsEmptyBeginsAnew() {
    lanes.add(command(0, "a"));
    lanes.decided(command(0, "a"));

    assertThat(lanes.add(command(1, "a"))).isTrue();
  }

  @Test
  void oneSlowCommandHoldsUpOthersOnlyPastTheWindow() {
    lanes.add(command(0, "slow"));
    for (long offset = 1; offset < CommandLedger.WINDOW; offset++) {
      assertThat(lanes.hasRoomFor(offset)).isTrue();
      lanes.add(command(offset, "quick"));
      lanes.decided(command(offset, "quick"));
    }
    assertThat(lanes.hasRoomFor(CommandLedger.WINDOW)).isFalse();

    lanes.decided(command(0, "slow"));

    assertThat(lanes.hasRoomFor(CommandLedger.WINDOW)).isTrue();
  }

  @Test
  void aCommandThatIsNotItsLanesFirstCannotBeDecided() {
    lanes.add(command(0, "a"));
    lanes.add(command(1, "a"));

    assertThatThrownBy(() -> lanes.decided(command(1, "a")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCommandInSeveralLanesWaitsForEachOfThem() {
    lanes.add(command(0, "a"));
    lanes.add(command(1, "b"));
    assertThat(lanes.add(command(2, "a", "b", "c"))).isFalse();
    assertThat(lanes.add(command(3, "c"))).isFalse();

    assertThat(lanes.decided(command(0, "a"))).isEmpty();
    assertThat(lanes.decided(command(1, "b"))).containsExactly(command(2, "a", "b", "c"));
    assertThat(lanes.decided(command(2, "a", "b", "c"))).containsExactly(command(3, "c"));
  }

  @Test
  void commandsThatWereBehindTheSameOneAreNamedOnce() {
    lanes.add(command(0, "a", "b"));
    lanes.add(command(1, "a", "b"));

    assertThat(lanes.decided(command(0, "a", "b"))).containsExactly(command(1, "a", "b"));
  }

  private static ReadCommand command(long offset, String... lanes) {
    return new ReadCommand(
        new CommandRef("topic", 0, offset, "c-" + offset, "app", 1, lanes[0]),
        null,
        "none",
        List.of(lanes));
  }
}
