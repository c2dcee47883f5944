package dev.shiplog.api.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.RandomObjects;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.topics.record.Json;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing of any kind is lost on the way through another syntax. */
final class RoundTripTest {

  private static final int OF_EACH_KIND = 20;

  private final ProtobufBody bodies =
      new ProtobufBody(ResourceCatalogue::builtIn, TypeCatalogue.builtIn());

  static Stream<ResourceType> kinds() {
    return ResourceCatalogue.builtIn().all().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void jsonToProtobufAndBack(ResourceType kind) {
    RandomObjects objects = new RandomObjects(kind.toString().hashCode());
    for (int i = 0; i < OF_EACH_KIND; i++) {
      ObjectNode object = reread(kind, Json.bytes(objects.of(kind)));

      ObjectNode back = reread(kind, bodies.toJson(bodies.of(object)));

      assertThat(back.toPrettyString()).isEqualTo(object.toPrettyString());
    }
  }

  /** As the server reads every body. */
  private static ObjectNode reread(ResourceType kind, byte[] json) {
    return new ObjectDecoder()
        .decode(json, Syntax.JSON, Target.of(kind), FieldValidation.STRICT)
        .object();
  }
}
