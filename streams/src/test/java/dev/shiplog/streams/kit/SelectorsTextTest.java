package dev.shiplog.streams.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"app=web", "app=web,tier in (a,b)", "!old", "canary", "a.b/c=d,inside notin (x)"})
  void aTextIsReadAsItIsWritten(String text) {
    assertThat(Selectors.text(Selectors.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app==web", "app = web", "app in (web, shop)", "app!=db", "app,!old"})
  void everyFormSelectsWhatItShould(String text) {
    assertThat(Selectors.matches(Selectors.parse(text), Map.of("app", "web"))).isTrue();
    assertThat(Selectors.matches(Selectors.parse(text), Map.of("old", "yes", "app", "db")))
        .isFalse();
  }
}
