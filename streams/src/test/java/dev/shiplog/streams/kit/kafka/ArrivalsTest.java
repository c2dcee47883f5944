package dev.shiplog.streams.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private final Arrivals arrivals = new Arrivals();

  @Test
  void aRecordAloneIsActedOnAtOnce() {
    arrivals.arrived(1);

    assertThat(arrivals.isTurn()).isTrue();
  }

  @Test
  void thoseThatArriveTogetherAreActedOnAfterTheLast() {
    arrivals.arrived(2);
    arrivals.arrived(1);

    assertThat(IntStream.range(0, 3).mapToObj(record -> arrivals.isTurn()))
        .containsExactly(false, false, true);
  }

  @Test
  void manyAreActedOnInPieces() {
    arrivals.arrived(10_000);

    assertThat(IntStream.range(0, Arrivals.MOST).filter(record -> arrivals.isTurn()).boxed())
        .containsExactly(Arrivals.MOST - 1);
  }

  @Test
  void recordsOfWhichNobodyToldAreEachATurn() {
    assertThat(arrivals.isTurn()).isTrue();
    assertThat(arrivals.isTurn()).isTrue();
  }

  @Test
  void aTaskBeginsWithNothingWaiting() {
    arrivals.arrived(5);
    arrivals.reset();
    arrivals.arrived(1);

    assertThat(arrivals.isTurn()).isTrue();
  }
}
