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
  void aRuleSaysSomething() {
    assertThat(
            refused(
                "{'type':'object','x-kubernetes-validations':[{'rule':' '},"
                    + "{'rule':'true','optionalOldSelf':true}]}"))
        .containsExactly(
            "s.properties[spec].x-kubernetes-validations[0].rule: Required value: rule is not"
                + " specified",
            "s.properties[spec].x-kubernetes-validations[1].optionalOldSelf: Invalid value: true:"
                + " may not be set if oldSelf is not used in rule");
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

  @Test
  void aRuleKnowsThatAnObjectWithoutFieldsHasNone() {
    assertThat(refused("{'type':'object','x-kubernetes-validations':[{'rule':'self.b == 1'}]}"))
        .singleElement()
        .asString()
        .contains("undefined field 'b'");
  }

  @Test
  void aRuleAboutChangesStandsWhereThereIsSomethingToCompareWith() {
    String list =
        "{'type':'array',%s'maxItems':10,'items':{'type':'object','required':['k'],"
            + "'properties':{'k':{'type':'string','maxLength':10}},"
            + "'x-kubernetes-validations':[{'rule':'self.k == oldSelf.k'}]}}";
    assertThat(refused(list.formatted("")))
        .singleElement()
        .asString()
        .contains(
            "oldSelf cannot be used on the uncorrelatable portion of the schema within"
                + " s.properties[spec]");
    assertThat(
            refused(
                list.formatted(
                    "'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],")))
        .isEmpty();
  }

  @Test
  void aRuleSpeaksOfAFieldThereIsInOneLine() {
    assertThat(
            refused(
                "{'type':'object','properties':{'a':{'type':'string'}},"
                    + "'x-kubernetes-validations':[{'rule':'true','fieldPath':'.b','message':'x\\ny'}]}"))
        .hasSize(2)
        .anySatisfy(cause -> assertThat(cause).contains("must not contain line breaks"))
        .anySatisfy(cause -> assertThat(cause).contains("does not refer to a valid field"));
    assertThat(
            refused(
                "{'type':'object','properties':{'a':{'type':'string'}},"
                    + "'x-kubernetes-validations':[{'rule':'true','fieldPath':'.a'}]}"))
        .isEmpty();
  }

  @Test
  void extensionsSayWhatTheyCan() {
    assertThat(refused("{'type':'object','x-kubernetes-preserve-unknown-fields':false}"))
        .singleElement()
        .asString()
        .contains("must be true or undefined");
    assertThat(refused("{'type':'object','x-kubernetes-embedded-resource':true}"))
        .singleElement()
        .asString()
        .contains("without x-kubernetes-preserve-unknown-fields");
    assertThat(refused("{'type':'object','x-kubernetes-map-type':'odd'}"))
        .singleElement()
        .asString()
        .contains("Unsupported value: \"odd\"");
    assertThat(refused("{'type':'strin'}")).singleElement().asString().contains("Unsupported");
  }

  @Test
  void theItemsOfASetAreTakenAsAWhole() {
    String set = "{'type':'array','x-kubernetes-list-type':'set','items':{'type':'object'%s}}";
    assertThat(refused(set.formatted("")))
        .singleElement()
        .asString()
        .contains("must be atomic as item of a list");
    assertThat(refused(set.formatted(",'x-kubernetes-map-type':'atomic'"))).isEmpty();
    assertThat(
            refused(
                "{'type':'array','x-kubernetes-list-type':'set',"
                    + "'items':{'type':'string','nullable':true}}"))
        .singleElement()
        .asString()
        .contains("cannot be nullable when x-kubernetes-list-type is set");
  }
}
