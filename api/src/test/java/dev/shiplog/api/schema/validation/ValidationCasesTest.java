package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.validation.ValidationFixtures.created;
import static dev.shiplog.api.schema.validation.ValidationFixtures.updated;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kubernetes takes and what it refuses, kind by kind: the cases are in the resources. */
class ValidationCasesTest {

  static List<List<String>> usual() throws IOException {
    return Manifests.cases("usual.txt");
  }

  static List<List<String>> refused() throws IOException {
    return Manifests.cases("refused.txt");
  }

  static List<List<String>> changes() throws IOException {
    return Manifests.cases("changes.txt");
  }

  @ParameterizedTest
  @MethodSource("usual")
  void aUsualObjectIsValid(List<String> usual) {
    String manifest = usual.get(1).replace("IP}", "192.168.3.1}");

    assertThat(created(usual.get(0), manifest)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatBreaksARuleIsRefusedAtItsField(List<String> refused) {
    assertThat(created(refused.get(0), refused.get(1)))
        .anyMatch(found -> found.contains(refused.get(2)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whatMayNotChangeStays(List<String> change) {
    List<String> found = updated(change.get(0), change.get(1), change.get(2));

    if (change.get(3).equals("OK")) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).anyMatch(cause -> cause.contains(change.get(3)));
    }
  }
}
