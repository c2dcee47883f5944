package dev.shiplog.api.view;

import static dev.shiplog.api.view.TestObjects.key;
import static dev.shiplog.api.view.TestObjects.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in, bytes out, and what is read off them. */
class ObjectCodecTest {

  private static final ObjectKey KEY = key("a");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"12\",\"uid\":\"u\"},\"spec\":{}}",
        "{\"kind\":\"Pod\",\"spec\":{},\"metadata\":{\"name\":\"a\",\"uid\":\"u\"}}",
        "{\"kind\":\"Pod\",\"spec\":{\"resourceVersion\":\"no\",\"metadata\":{}}}",
        "{\"metadata\":{\"annotations\":{\"resourceVersion\":\"no\"},\"name\":\"ä€\"}}",
        "{}"
      })
  void theRevisionIsPutIntoMetadataAndNothingElseChanges(String json) {
    EncodedObject object = TestObjects.encode(KEY, tree(json)).at(345);

    ObjectNode expected = tree(json);
    expected.withObject("metadata").put("resourceVersion", "345");
    assertThat(object.tree()).isEqualTo(expected);
    assertThat(object.revision()).isEqualTo(345);
  }

  @Test
  void fieldsKeepTheirOrder() {
    String json =
        "{\"z\":1,\"metadata\":{\"uid\":\"u\",\"resourceVersion\":\"1\",\"a\":2},\"b\":3}";

    assertThat(new String(TestObjects.encode(KEY, tree(json)).at(1).bytes(), UTF_8))
        .isEqualTo(json);
  }

  @Test
  void whatWasEncodedIsDecodedToTheSame() {
    String json =
        "{\"status\":{},\"metadata\":{\"managedFields\":[{\"resourceVersion\":\"no\"}],"
            + "\"labels\":{\"app\":\"web\"},\"uid\":\"u\","
            + "\"ownerReferences\":[{\"uid\":\"o\"}]},\"spec\":{\"nodeName\":\"n\"}}";
    EncodedObject encoded = TestObjects.encode(KEY, tree(json)).at(1234567);

    EncodedObject decoded = TestObjects.codec().decode(KEY, KEY.text(), encoded.bytes());

    assertThat(decoded.revision()).isEqualTo(1234567);
    assertThat(decoded.uid()).isEqualTo("u");
    assertThat(decoded.labels()).containsEntry("app", "web").hasSize(1);
    assertThat(decoded.ownerUids()).containsExactly("o");
    assertThat(decoded.fields()).containsEntry("spec.nodeName", "n");
    assertThat(decoded.withRevision(8).bytes()).isEqualTo(encoded.withRevision(8).bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"kind\":\"Pod\"}",
        "{\"metadata\":{\"name\":\"a\"}}",
        "{\"metadata\":{\"resourceVersion\":5}}",
        "{\"metadata\":{\"resourceVersion\":\"5\"}"
      })
  void bytesThatAreNoStoredObjectAreRefused(String json) {
    assertThatThrownBy(() -> TestObjects.codec().decode(KEY, KEY.text(), json.getBytes(UTF_8)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void anUpdateThatKeepsLabelsAndFieldsSharesThem() {
    EncodedObject before = TestObjects.pod("a", 1, "one");
    EncodedObject after = TestObjects.pod("a", 2, "two").sharing(before);

    assertThat(after.attributes()).isSameAs(before.attributes());
  }

  @Test
  void orderRevisionAndTimesOfManagedFieldsAreNoNews() {
    EncodedObject stored =
        TestObjects.encode(
                KEY,
                tree(
                    "{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"manager\":\"m\",\"time\":\"2026-01-01T00:00:00Z\"}]},\"spec\":{\"b\":2,\"c\":3}}"))
            .at(9);

    assertThat(
            saysTheSame(
                "{\"spec\":{\"c\":3,\"b\":2},\"metadata\":{\"resourceVersion\":\"9\",\"managedFields\":[{\"manager\":\"m\",\"time\":\"2027-02-02T00:00:00Z\"}],\"name\":\"a\"}}",
                stored))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":3}}",
        "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"b\":2}}",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"c\":2}}",
        "{\"metadata\":{\"name\":\"a\"},\"spek\":{\"b\":2}}",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":2},\"c\":1}"
      })
  void anythingElseIsNews(String json) {
    EncodedObject stored =
        TestObjects.encode(KEY, tree("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"b\":2}}")).at(9);

    assertThat(saysTheSame(json, stored)).isFalse();
  }

  @Test
  void anotherManagerIsNews() {
    String json = "{\"metadata\":{\"managedFields\":[{\"manager\":\"%s\",\"time\":\"t\"}]}}";
    EncodedObject stored = TestObjects.encode(KEY, tree(json.formatted("m"))).at(9);

    assertThat(saysTheSame(json.formatted("n"), stored)).isFalse();
  }

  private static boolean saysTheSame(String json, EncodedObject stored) {
    ObjectNode tree = tree(json);
    return Sameness.saysTheSame(TestObjects.encode(KEY, tree), tree, stored);
  }
}
