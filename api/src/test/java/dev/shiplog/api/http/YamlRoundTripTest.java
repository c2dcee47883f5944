package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.RandomObjects;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.topics.record.Json;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing of any kind is lost on the way through YAML. */
final class YamlRoundTripTest {

  private static final int OF_EACH_KIND = 5;

  private final Encoder encoder = new Encoder(InstantSource.system());

  static Stream<ResourceType> kinds() {
    return ResourceCatalogue.builtIn().all().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void jsonToYamlAndBack(ResourceType kind) {
    RandomObjects objects = new RandomObjects(kind.toString().hashCode());
    for (int i = 0; i < OF_EACH_KIND; i++) {
      ObjectNode object = read(kind, Json.bytes(objects.of(kind)), Syntax.JSON);

      ObjectNode back = read(kind, encoder.tree(object, Syntax.YAML), Syntax.YAML);

      assertThat(back).isEqualTo(object);
    }
  }

  private static ObjectNode read(ResourceType kind, byte[] body, Syntax syntax) {
    return new ObjectDecoder()
        .decode(body, syntax, Target.of(kind), FieldValidation.STRICT)
        .object();
  }
}
