package dev.shiplog.api.patch;

import static dev.shiplog.api.patch.PatchFixtures.patched;
import static dev.shiplog.api.patch.PatchFixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

  /** Most of them are the cases of RFC 7386, appendix A. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: b} | {a: c} | {a: c}",
        "{a: b} | {b: c} | {a: b, b: c}",
        "{a: b} | {a: null} | {}",
        "{a: b, b: c} | {a: null} | {b: c}",
        "{a: [b]} | {a: c} | {a: c}",
        "{a: c} | {a: [b]} | {a: [b]}",
        "{a: {b: c}} | {a: {b: d, c: null}} | {a: {b: d}}",
        "{a: [{b: c}]} | {a: [1]} | {a: [1]}",
        "{e: null} | {a: 1} | {e: null, a: 1}",
        "{} | {a: {bb: {ccc: null}}} | {a: {bb: {}}}",
        "{a: [1]} | {a: {b: null, c: 1}} | {a: {c: 1}}"
      })
  void objectsAreMergedAndEverythingElseIsReplaced(String object, String patch, String result) {
    assertThat(patched(PatchType.MERGE, "v1/configmaps", object, patch)).isEqualTo(yaml(result));
  }

  @Test
  void whatIsNoObjectIsABadRequest() {
    assertThatThrownBy(() -> patched(PatchType.MERGE, "v1/configmaps", "{}", "[]"))
        .isInstanceOf(ApiFailure.class)
        .hasMessage("error decoding patch: it must be a JSON object");
  }
}
