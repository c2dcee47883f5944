package dev.shiplog.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {

  private static final Map<String, String> LABELS =
      Map.of("app", "web", "example.com/tier", "front", "size", "7", "empty", "");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web                          | true",
        "app==web                         | true",
        "app = web                        | true",
        "app=db                           | false",
        "app!=db                          | true",
        "absent!=db                       | true",
        "app                              | true",
        "absent                           | false",
        "!absent                          | true",
        "!app                             | false",
        "app in (db, web)                 | true",
        "app in (db)                      | false",
        "absent in (db)                   | false",
        "app notin (db, cache)            | true",
        "absent notin (db)                | true",
        "app notin (web)                  | false",
        "size>6                           | true",
        "size>7                           | false",
        "size<8                           | true",
        "app>1                            | false",
        "empty=                           | true",
        "app=                             | false",
        "empty in (,x)                    | true",
        "app=web,example.com/tier=front   | true",
        "app=web,example.com/tier=back    | false",
        "in=x                             | false",
        "app,size                         | true",
      })
  void matchesAsKubernetesDocuments(String selector, boolean expected) {
    assertThat(LabelSelector.parse(selector).matches(LABELS)).isEqualTo(expected);
  }

  @Test
  void anAbsentSelectorMatchesEverything() {
    assertThat(LabelSelector.parse(null).isEverything()).isTrue();
    assertThat(LabelSelector.parse("").matches(Map.of())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "a,",
        "a=b,,c=d",
        "=x",
        "!",
        "a in",
        "a in b",
        "a in (b",
        "a b",
        "a=b=c",
        "-a=b",
        "a=-b",
        "a>x",
        "x/y/z=1",
        "UPPER.example.com/a=b,",
        "a=b)",
        "(a)",
        "é=1"
      })
  void refusesWhatIsNoSelectorAsABadRequest(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.BAD_REQUEST))
        .hasMessageStartingWith("unable to parse requirement: ");
  }

  @Test
  void itsTextIsReadBackAsTheSameSelector() {
    LabelSelector selector = LabelSelector.parse("a=b,c!=d,e in (f,g),h notin (i,j),k,!l,m>1,n<2");

    assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
  }
}
