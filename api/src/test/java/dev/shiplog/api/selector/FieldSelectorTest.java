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

class FieldSelectorTest {

  private static final Map<String, String> FIELDS =
      Map.of("spec.nodeName", "a", "status.phase", "Running", "odd", "x,y=z\\");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec.nodeName=a                        | true",
        "spec.nodeName==a                       | true",
        "spec.nodeName!=a                       | false",
        "spec.nodeName=                         | false",
        "absent=                                | true",
        "spec.nodeName=a,status.phase!=Running  | false",
        "spec.nodeName=a,status.phase!=Failed   | true",
        "odd=x\\,y\\=z\\\\                      | true",
      })
  void matchesAsKubernetesDocuments(String selector, boolean expected) {
    FieldSelector parsed = FieldSelector.parse(selector);

    assertThat(parsed.matches(path -> FIELDS.getOrDefault(path, ""))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "=b", "a=b=c", "a=\\x", "a=b\\"})
  void refusesWhatIsNoSelectorAsABadRequest(String selector) {
    assertThatThrownBy(() -> FieldSelector.parse(selector))
        .isInstanceOfSatisfying(
            ApiFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.BAD_REQUEST));
  }

  @Test
  void itsTextIsReadBackAsTheSameSelector() {
    FieldSelector selector = FieldSelector.parse("a=b\\,c,d!=e");

    assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
  }
}
