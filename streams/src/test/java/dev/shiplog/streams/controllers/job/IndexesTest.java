package dev.shiplog.streams.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IndexesTest {

  @Test
  void areWrittenAsShortAsCanBe() {
    assertThat(Indexes.format(List.of(9, 4, 0, 2, 3, 6, 7))).isEqualTo("0,2-4,6,7,9");
    assertThat(Indexes.format(List.of())).isEmpty();
  }

  @Test
  void areReadBack() {
    assertThat(Indexes.parse("0,2-4,6,7,9", 10)).containsExactly(0, 2, 3, 4, 6, 7, 9);
    assertThat(Indexes.parse(null, 10)).isEmpty();
  }

  @Test
  void thoseBeyondTheLimitAndThoseThatMakeNoSenseAreLeftOut() {
    assertThat(Indexes.parse("0-999999999", 3)).containsExactly(0, 1, 2);
    assertThat(Indexes.parse("x,1,-5,3-,2", 3)).containsExactly(1, 2);
  }
}
