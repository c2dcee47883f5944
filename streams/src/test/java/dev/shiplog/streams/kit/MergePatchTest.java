package dev.shiplog.streams.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1} | {\"a\":1} | {}",
        "{\"a\":1} | {\"a\":2} | {\"a\":2}",
        "{\"a\":1} | {} | {\"a\":null}",
        "{\"a\":{\"b\":1,\"c\":2}} | {\"a\":{\"b\":1}} | {\"a\":{\"c\":null}}",
        "{\"a\":[1,2]} | {\"a\":[2]} | {\"a\":[2]}",
        "{\"a\":{\"b\":1}} | {\"a\":\"x\"} | {\"a\":\"x\"}",
        "{} | {\"a\":{\"b\":{}}} | {\"a\":{\"b\":{}}}",
      })
  void theDifferenceIsTheSmallestPatchThatLeadsThere(String before, String after, String patch) {
    JsonNode difference = MergePatch.between(json(before), json(after));

    assertThat(difference).isEqualTo(json(patch));
    assertThat(MergePatch.apply(json(before), difference)).isEqualTo(json(after));
  }

  @Test
  void applyingLeavesTheTargetAlone() {
    JsonNode target = json("{\"a\":{\"b\":1}}");

    MergePatch.apply(target, json("{\"a\":{\"b\":2}}"));

    assertThat(target).isEqualTo(json("{\"a\":{\"b\":1}}"));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
