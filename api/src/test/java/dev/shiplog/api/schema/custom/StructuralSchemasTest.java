package dev.shiplog.api.schema.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which schemas a definition may have. */
class StructuralSchemasTest {

  private static List<String> refused(String spec) {
    String schema = "{'type':'object','properties':{'spec':" + spec + "}}";
    JsonNode tree =
        Json.read(schema.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    Causes causes = new Causes();
    StructuralSchemas.check(tree, FieldPath.of("s"), causes);
    return causes.list().stream().map(c -> c.field() + ": " + c.message()).toList();
  }

  @Test
  void aPlainSchemaIsStructural() {
    assertThat(refused("{'type':'object','properties':{'a':{'type':'integer','default':1}}}"))
        .isEmpty();
  }

  @Test
  void everyFieldHasAType() {
    assertThat(refused("{'type':'object','properties':{'a':{'description':'x'}}}"))
        .containsExactly(
            "s.properties[spec].properties[a].type: Required value: must not be empty for specified object fields");
  }

  @Test
  void aCombinationOnlyRestrictsValues() {
    assertThat(refused("{'type':'object','anyOf':[{'description':'x'}]}"))
        .containsExactly(
            "s.properties[spec].anyOf[0].description: Forbidden: must be empty to be structural");
  }

  @Test
  void aDefaultMustFitItsSchema() {
    assertThat(refused("{'type':'object','properties':{'a':{'type':'integer','default':'x'}}}"))
        .singleElement()
        .asString()
        .startsWith("s.properties[spec].properties[a].default: Invalid value: \"string\"");
  }

  @Test
  void aRuleThatNamesAnUnknownFieldIsRefused() {
    assertThat(
            refused(
                "{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'self.b > 1'}]}"))
        .singleElement()
        .asString()
        .contains("x-kubernetes-validations[0].rule", "undefined field 'b'");
  }

  @Test
  void aRuleMustAnswerYesOrNo() {
    assertThat(
            refused(
                "{'type':'object','properties':{'a':{'type':'integer'}},'x-kubernetes-validations':[{'rule':'self.a + 1'}]}"))
        .singleElement()
        .asString()
        .contains("must evaluate to a bool");
  }

  @Test
  void keysOfAListMapAreRequiredOrHaveDefaults() {
    assertThat(
            refused(
                "{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],"
                    + "'items':{'type':'object','properties':{'k':{'type':'string'}}}}"))
        .singleElement()
        .asString()
        .contains("it must have a default or be a required property");
  }
}
