package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyRoomTest {

  private final BodyRoom room = new BodyRoom(1000);

  @Test
  void oneUserHasHalfOfItAtMost() {
    BodyRoom.Hold first = room.hold("jane");
    BodyRoom.Hold second = room.hold("jane");

    assertThat(first.grow(300)).isTrue();
    assertThat(second.grow(200)).isTrue();
    assertThat(second.grow(1)).isFalse();
    assertThat(room.hold("joe").grow(500)).isTrue();
  }

  @Test
  void allOfThemHaveNoMoreThanThereIs() {
    assertThat(room.hold("jane").grow(500)).isTrue();
    assertThat(room.hold("joe").grow(500)).isTrue();
    assertThat(room.hold("jim").grow(1)).isFalse();
  }

  @Test
  void whatIsReleasedOnceIsThereForOthersOnce() {
    BodyRoom.Hold hold = room.hold("jane");
    assertThat(hold.grow(500)).isTrue();

    hold.release();
    hold.release();

    assertThat(room.hold("jane").grow(500)).isTrue();
    assertThat(room.hold("jane").grow(1)).isFalse();
    assertThat(hold.grow(1)).isFalse();
  }
}
