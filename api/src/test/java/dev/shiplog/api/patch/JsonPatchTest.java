package dev.shiplog.api.patch;

import static dev.shiplog.api.patch.PatchFixtures.patched;
import static dev.shiplog.api.patch.PatchFixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

  private static final String OBJECT = "{data: {a: '1', b: '2'}, list: [x, y, z], 'a/b~c': 1}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{op: add, path: /data/c, value: '3'} | {data: {a: '1', b: '2', c: '3'}}",
        "{op: add, path: /data/a, value: '3'} | {data: {a: '3', b: '2'}}",
        "{op: add, path: /list/1, value: n} | {list: [x, n, y, z]}",
        "{op: add, path: /list/3, value: n} | {list: [x, y, z, n]}",
        "{op: add, path: /list/-, value: n} | {list: [x, y, z, n]}",
        "{op: add, path: /data/n, value: null} | {data: {a: '1', b: '2', n: null}}",
        "{op: remove, path: /data/a} | {data: {b: '2'}}",
        "{op: remove, path: /list/0} | {list: [y, z]}",
        "{op: remove, path: /list/-1} | {list: [x, y]}",
        "{op: replace, path: /list/0, value: n} | {list: [n, y, z]}",
        "{op: replace, path: /a~1b~0c, value: 2} | {'a/b~c': 2}",
        "{op: move, from: /data/a, path: /data/c} | {data: {b: '2', c: '1'}}",
        "{op: move, from: /list/0, path: /list/2} | {list: [y, z, x]}",
        "{op: copy, from: /data/a, path: /data/c} | {data: {a: '1', b: '2', c: '1'}}",
        "{op: test, path: /data/a, value: '1'} | {}",
        "{op: test, path: /a~1b~0c, value: 1.0} | {}",
        "{op: test, path: /data/none, value: null} | {}",
        "{op: test, path: /data/none} | {}"
      })
  void anOperationTakesEffect(String operation, String changes) {
    var expected = yaml(OBJECT);
    yaml(changes)
        .properties()
        .forEach(e ->
            ((com.fasterxml.jackson.databind.node.ObjectNode) expected)
                .set(e.getKey(), e.getValue()));

    assertThat(patched(PatchType.JSON, "v1/configmaps", OBJECT, "[" + operation + "]"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{op: test, path: /data/a, value: '2'} | testing path /data/a failed",
        "{op: test, path: /data/none, value: '2'} | testing path /data/none failed",
        "{op: remove, path: /data/none} | doc is missing path: /data/none",
        "{op: replace, path: /data/none, value: 1} | doc is missing path: /data/none",
        "{op: add, path: /none/a, value: 1} | doc is missing path: /none/a",
        "{op: add, path: /data/a/b, value: 1} | doc is missing path: /data/a/b",
        "{op: add, path: /list/4, value: n} | \"/list/4\": invalid index, the list has 4 items",
        "{op: remove, path: /list/3} | doc is missing path: /list/3",
        "{op: move, from: /data, path: /data/a} | cannot move \"/data\" into itself, to \"/data/a\"",
        "{op: replace, path: '', value: []} | the result is no object"
      })
  void anOperationThatDoesNotFitIsExplained(String operation, String why) {
    assertThatThrownBy(
            () -> patched(PatchType.JSON, "v1/configmaps", OBJECT, "[" + operation + "]"))
        .isInstanceOfSatisfying(
            ApiFailure.class,
            f -> {
              assertThat(f.reason()).isEqualTo(Reason.INVALID);
              assertThat(f.code()).isEqualTo(422);
            })
        .hasMessageEndingWith(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | it must be a JSON array of operations",
        "[{op: frobnicate, path: /a}] | unexpected operation \"frobnicate\"",
        "[{op: add, value: 1}] | an operation \"add\" has no path",
        "[{op: add, path: /a}] | operation \"add\" on \"/a\" has no value",
        "[{op: copy, path: /a}] | operation \"copy\" has no from",
        "[{op: add, path: a, value: 1}] | path \"a\" must be empty or start with a slash"
      })
  void aMalformedPatchIsABadRequest(String patch, String why) {
    assertThatThrownBy(() -> patched(PatchType.JSON, "v1/configmaps", OBJECT, patch))
        .isInstanceOfSatisfying(
            ApiFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.BAD_REQUEST))
        .hasMessage("error decoding patch: " + why);
  }

  @Test
  void whatIsNoJsonIsABadRequest() {
    assertThatThrownBy(() -> Patch.parse(PatchType.JSON, "[{".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageStartingWith("error decoding patch: ");
  }

  @Test
  void tooManyOperationsAreTooLarge() {
    String patch =
        "[" + String.join(",", Collections.nCopies(10_001, "{\"op\":\"test\",\"path\":\"/a\"}"));

    assertThatThrownBy(
            () -> Patch.parse(PatchType.JSON, (patch + "]").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            ApiFailure.class,
            f -> assertThat(f.reason()).isEqualTo(Reason.REQUEST_ENTITY_TOO_LARGE));
  }

  @Test
  void copiesCannotFillTheMemory() {
    String doubling =
        IntStream.range(0, 40)
            .mapToObj("{op: copy, from: /data, path: /data/c%d}"::formatted)
            .collect(Collectors.joining(","));
    String patch = "[" + doubling + "]";

    assertThatThrownBy(() -> patched(PatchType.JSON, "v1/configmaps", OBJECT, patch))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("copies are larger than");
  }
}
