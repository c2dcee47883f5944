package dev.shiplog.api.schema.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.shiplog.api.schema.ResourceCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Read as any protobuf reader would, by numbers alone. */
final class SwaggerMessageTest {

  private static final int PATHS = 8;
  private static final int DEFINITIONS = 9;
  private static final OpenApi API = new OpenApi(ResourceCatalogue.builtIn(), "v1.36.0");

  private final JsonNode document = OpenApiDocument.tree(API.v2());
  private final UnknownFieldSet message = read(ByteString.copyFrom(API.v2Message().bytes()));

  private static UnknownFieldSet read(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("no message", e);
    }
  }

  private static List<UnknownFieldSet> all(UnknownFieldSet in, int number) {
    return in.getField(number).getLengthDelimitedList().stream()
        .map(SwaggerMessageTest::read)
        .toList();
  }

  private static String text(UnknownFieldSet in, int number) {
    return in.getField(number).getLengthDelimitedList().getFirst().toStringUtf8();
  }

  private UnknownFieldSet definition(String name) {
    return all(all(message, DEFINITIONS).getFirst(), 1).stream()
        .filter(named -> text(named, 1).equals(name))
        .map(named -> all(named, 2).getFirst())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(List<UnknownFieldSet> named) {
    return named.stream().map(pair -> text(pair, 1)).toList();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void itHoldsEveryPathAndDefinitionOfTheJson() {
    assertThat(text(message, 1)).isEqualTo("2.0");
    assertThat(names(all(all(message, PATHS).getFirst(), 2)))
        .isEqualTo(names(document.get("paths")));
    assertThat(names(all(all(message, DEFINITIONS).getFirst(), 1)))
        .isEqualTo(names(document.get("definitions")));
  }

  @Test
  void aSchemaSaysHowItsListsMerge() {
    UnknownFieldSet spec = definition("io.k8s.api.core.v1.PodSpec");
    UnknownFieldSet containers =
        all(all(spec, 25).getFirst(), 1).stream()
            .filter(property -> text(property, 1).equals("containers"))
            .map(property -> all(property, 2).getFirst())
            .findFirst()
            .orElseThrow();

    assertThat(text(all(containers, 22).getFirst(), 1)).isEqualTo("array");
    assertThat(text(all(all(containers, 23).getFirst(), 1).getFirst(), 1))
        .isEqualTo("#/definitions/io.k8s.api.core.v1.Container");
    UnaryOperator<String> extension =
        name ->
            all(containers, 31).stream()
                .filter(named -> text(named, 1).equals(name))
                .map(named -> text(all(named, 2).getFirst(), 2))
                .findFirst()
                .orElse("");
    assertThat(extension.apply("x-kubernetes-patch-merge-key")).isEqualTo("\"name\"");
    assertThat(extension.apply("x-kubernetes-patch-strategy")).isEqualTo("\"merge\"");
  }

  @Test
  void parametersAreToldApartByWhereTheyAre() {
    UnknownFieldSet path =
        all(all(message, PATHS).getFirst(), 2).stream()
            .filter(named -> text(named, 1).equals("/api/v1/namespaces/{namespace}/pods"))
            .map(named -> all(named, 2).getFirst())
            .findFirst()
            .orElseThrow();
    UnknownFieldSet post = all(path, 4).getFirst();
    List<UnknownFieldSet> parameters =
        all(post, 8).stream().map(item -> all(item, 1).getFirst()).toList();

    UnknownFieldSet query = all(all(parameters.getFirst(), 2).getFirst(), 3).getFirst();
    assertThat(text(query, 4)).isEqualTo("dryRun");
    UnknownFieldSet body = all(parameters.getLast(), 1).getFirst();
    assertThat(text(body, 2)).isEqualTo("body");
    assertThat(body.getField(4).getVarintList()).containsExactly(1L);
  }
}
