package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.topics.journal.CommandRef;
import org.junit.jupiter.api.Test;

class CommandLanesTest {

  private final CommandLanes lanes = new CommandLanes();

  @Test
  void commandsOfOneLaneWaitForEachOther() {
    assertThat(lanes.add(command(0, "a"))).isTrue();
    assertThat(lanes.add(command(1, "a"))).isFalse();
    assertThat(lanes.add(command(2, "a"))).isFalse();

    assertThat(lanes.decided(command(0, "a"))).contains(command(1, "a"));
    assertThat(lanes.decided(command(1, "a"))).contains(command(2, "a"));
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

  private static ReadCommand command(long offset, String lane) {
    return new ReadCommand(
        new CommandRef("topic", 0, offset, "c-" + offset, "app", 1, lane), null, "none");
  }
}
