package dev.shiplog.streams.controllers.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameSuffixesTest {

  @Test
  void theSameOwnerAndOrdinalGiveTheSameName() {
    assertThat(NameSuffixes.name("web-", "uid-1", 3))
        .isEqualTo(NameSuffixes.name("web-", "uid-1", 3));
  }

  @Test
  void anotherOwnerGivesOtherNames() {
    assertThat(NameSuffixes.name("web-", "uid-1", 0))
        .isNotEqualTo(NameSuffixes.name("web-", "uid-2", 0));
  }

  @Test
  void theOrdinalsOfAnOwnerNeverShareASuffix() {
    assertThat(IntStream.range(0, 100_000).mapToObj(i -> NameSuffixes.suffix("uid-1", i)))
        .doesNotHaveDuplicates();
  }

  @Test
  void aSuffixHasFiveCharactersThatSpellNoWords() {
    assertThat(NameSuffixes.suffix("uid-1", 12)).matches("[bcdfghjklmnpqrstvwxz2456789]{5}");
  }

  @Test
  void aLongPrefixIsCutSoThatTheNameIsALabel() {
    assertThat(NameSuffixes.name("x".repeat(80) + "-", "uid-1", 0)).hasSize(63);
  }
}
