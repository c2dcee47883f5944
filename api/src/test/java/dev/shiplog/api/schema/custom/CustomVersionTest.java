package dev.shiplog.api.schema.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a schema makes of objects, and what it says against them. */
class CustomVersionTest {

  private static ObjectNode json(String text) {
    return (ObjectNode)
        Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  private static CustomVersion version(String spec) {
    ObjectNode facts = json("{'name':'v1','served':true,'storage':true,'schema':{}}");
    ObjectNode schema = facts.withObject("/schema/openAPIV3Schema").put("type", "object");
    schema.putObject("properties").set("spec", json(spec));
    return new CustomVersion(new GroupVersion("example.com", "v1"), "Thing", facts);
  }

  private static ObjectNode thing(String spec) {
    ObjectNode thing = json("{'apiVersion':'example.com/v1','kind':'Thing'}");
    thing.putObject("metadata").put("name", "one");
    thing.set("spec", json(spec));
    return thing;
  }

  private static List<String> refused(String schema, String spec) {
    return shown(version(schema).validate(thing(spec), null));
  }

  private static List<String> refused(String schema, String before, String after) {
    return shown(version(schema).validate(thing(after), thing(before)));
  }

  private static List<String> shown(List<StatusCause> causes) {
    return causes.stream().map(c -> c.field() + ": " + c.message()).toList();
  }

  private static String filledIn(String schema, String spec) {
    ObjectNode thing = thing(spec);
    version(schema).fillIn(thing);
    return thing.get("spec").toString().replace('"', '\'');
  }

  private static String rules(String properties, String rules) {
    return "{'type':'object','properties':"
        + properties
        + ",'x-kubernetes-validations':"
        + rules
        + "}";
  }

  @Test
  void defaultsFillWhatIsAbsent() {
    String schema =
        "{'type':'object','properties':{'a':{'type':'integer','default':3},'b':{'type':'string'}}}";

    assertThat(filledIn(schema, "{'b':'x'}")).isEqualTo("{'b':'x','a':3}");
    assertThat(filledIn(schema, "{'a':1}")).isEqualTo("{'a':1}");
  }

  @Test
  void aNullThatIsNotAllowedIsReplacedByTheDefault() {
    String schema = "{'type':'object','properties':{'a':{'type':'integer','default':3}}}";

    assertThat(filledIn(schema, "{'a':null}")).isEqualTo("{'a':3}");
  }

  @Test
  void anAllowedNullIsKept() {
    String schema =
        "{'type':'object','properties':{'a':{'type':'integer','default':3,'nullable':true}}}";

    assertThat(filledIn(schema, "{'a':null}")).isEqualTo("{'a':null}");
  }

  @Test
  void defaultsReachIntoListsAndMaps() {
    String item = "{'type':'object','properties':{'p':{'type':'string','default':'TCP'}}}";
    String schema =
        "{'type':'object','properties':{'l':{'type':'array','items':"
            + item
            + "},'m':{'type':'object','additionalProperties':"
            + item
            + "}}}";

    assertThat(filledIn(schema, "{'l':[{}],'m':{'k':{}}}"))
        .isEqualTo("{'l':[{'p':'TCP'}],'m':{'k':{'p':'TCP'}}}");
  }

  @Test
  void aDefaultInsideAnAbsentObjectMakesNoObject() {
    String schema =
        "{'type':'object','properties':{'o':{'type':'object','properties':{'p':{'type':'string','default':'x'}}}}}";

    assertThat(filledIn(schema, "{}")).isEqualTo("{}");
  }

  @Test
  void aWrongTypeIsToldWithItsPath() {
    assertThat(refused("{'type':'object','properties':{'n':{'type':'integer'}}}", "{'n':'x'}"))
        .containsExactly(
            "spec.n: Invalid value: \"string\": spec.n in body must be of type integer: \"string\"");
  }

  @Test
  void limitsAreChecked() {
    String schema =
        "{'type':'object','required':['r'],'properties':{'n':{'type':'integer','minimum':1,'maximum':10},"
            + "'s':{'type':'string','pattern':'^a','maxLength':3},'e':{'type':'string','enum':['x','y']},"
            + "'r':{'type':'string'},'l':{'type':'array','maxItems':1,'items':{'type':'string'}}}}";

    assertThat(refused(schema, "{'n':0,'s':'bbbb','e':'z','l':['a','b']}"))
        .containsExactlyInAnyOrder(
            "spec.r: Required value",
            "spec.n: Invalid value: 0: spec.n in body should be greater than or equal to 1",
            "spec.s: Too long: may not be more than 3 bytes",
            "spec.s: Invalid value: \"bbbb\": spec.s in body should match '^a'",
            "spec.e: Unsupported value: \"z\": supported values: \"x\", \"y\"",
            "spec.l: Too many: 2: must have at most 1 item");
  }

  @Test
  void intOrStringTakesBoth() {
    String schema =
        "{'type':'object','properties':{'p':{'x-kubernetes-int-or-string':true,'anyOf':[{'type':'integer'},{'type':'string'}]}}}";

    assertThat(refused(schema, "{'p':80}")).isEmpty();
    assertThat(refused(schema, "{'p':'http'}")).isEmpty();
    assertThat(refused(schema, "{'p':true}")).hasSize(1);
  }

  @Test
  void oneOfWantsExactlyOne() {
    String schema =
        "{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'}},"
            + "'oneOf':[{'required':['a']},{'required':['b']}]}";

    assertThat(refused(schema, "{'a':'x'}")).isEmpty();
    assertThat(refused(schema, "{'a':'x','b':'x'}"))
        .singleElement()
        .asString()
        .contains("must validate one and only one schema (oneOf). Found 2 valid alternatives");
  }

  @Test
  void listsOfTypeMapHaveUniqueKeys() {
    String schema =
        "{'type':'object','properties':{'l':{'type':'array','x-kubernetes-list-type':'map',"
            + "'x-kubernetes-list-map-keys':['name'],'items':{'type':'object','required':['name'],"
            + "'properties':{'name':{'type':'string'},'v':{'type':'integer'}}}}}}";

    assertThat(refused(schema, "{'l':[{'name':'a'},{'name':'a','v':1}]}"))
        .containsExactly("spec.l[1]: Duplicate value: {\"name\":\"a\"}");
  }

  @Test
  void whatDidNotChangeIsNotHeldAgainstAnUpdate() {
    String schema =
        "{'type':'object','properties':{'a':{'type':'string','maxLength':1},'b':{'type':'string'}}}";

    assertThat(refused(schema, "{'a':'long','b':'1'}", "{'a':'long','b':'2'}")).isEmpty();
    assertThat(refused(schema, "{'a':'long'}", "{'a':'longer'}")).hasSize(1);
  }

  @Test
  void aRuleRefusesWithItsMessageAtItsField() {
    String schema =
        rules(
            "{'min':{'type':'integer'},'max':{'type':'integer'}}",
            "[{'rule':'self.min <= self.max','message':'min must not exceed max','fieldPath':'.min'}]");

    assertThat(refused(schema, "{'min':1,'max':2}")).isEmpty();
    assertThat(refused(schema, "{'min':3,'max':2}"))
        .containsExactly("spec.min: Invalid value: \"object\": min must not exceed max");
  }

  @Test
  void whatRulesCountOnKeepsThemAwayAndThatIsTold() {
    String schema =
        rules(
            "{'n':{'type':'integer','maximum':9},'c':{'type':'string','enum':['a']}}",
            "[{'rule':'self.n < 5','message':'n is large'}]");

    assertThat(refused(schema, "{'n':7,'c':'b'}"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("<nil>: Invalid value: null: some validation rules were not checked");
    assertThat(refused(schema, "{'n':10}"))
        .last()
        .isEqualTo("spec: Invalid value: \"object\": n is large");
  }

  @Test
  void aMessageIsMadeFromTheObject() {
    String schema =
        rules(
            "{'n':{'type':'integer'}}",
            "[{'rule':'self.n < 5','messageExpression':'\\'n is \\' + string(self.n)'}]"
                .replace("\\'", "\\u0027"));

    assertThat(refused(schema, "{'n':7}"))
        .containsExactly("spec: Invalid value: \"object\": n is 7");
  }

  @Test
  void aReasonTellsTheKindOfRefusal() {
    String schema =
        rules(
            "{'n':{'type':'integer'}}",
            "[{'rule':'!has(self.n)','reason':'FieldValueForbidden','message':'no n','fieldPath':'.n'}]");

    assertThat(version(schema).validate(thing("{'n':1}"), null))
        .containsExactly(new StatusCause("FieldValueForbidden", "Forbidden: no n", "spec.n"));
  }

  @Test
  void aTransitionRuleLooksAtUpdatesAlone() {
    String schema =
        "{'type':'object','properties':{'name':{'type':'string','x-kubernetes-validations':"
            + "[{'rule':'self == oldSelf','message':'is immutable'}]}}}";

    assertThat(refused(schema, "{'name':'a'}")).isEmpty();
    assertThat(refused(schema, "{'name':'a'}", "{'name':'a'}")).isEmpty();
    assertThat(refused(schema, "{'name':'a'}", "{'name':'b'}"))
        .containsExactly("spec.name: Invalid value: \"string\": is immutable");
  }

  @Test
  void optionalOldSelfIsAskedAtCreationToo() {
    String schema =
        rules(
            "{'n':{'type':'integer'}}",
            "[{'rule':'oldSelf.hasValue() || self.n == 0','optionalOldSelf':true,'message':'starts at 0'}]");

    assertThat(refused(schema, "{'n':1}")).hasSize(1);
    assertThat(refused(schema, "{'n':0}", "{'n':1}")).isEmpty();
  }

  @Test
  void rulesKnowTimesDurationsAndLists() {
    String schema =
        rules(
            "{'t':{'type':'string','format':'date-time'},'d':{'type':'string','format':'duration'},"
                + "'l':{'type':'array','items':{'type':'integer'}}}",
            "[{'rule':'self.t.getFullYear() == 2026'},{'rule':'self.d < duration(\\u00271h\\u0027)'},"
                + "{'rule':'self.l.isSorted() && self.l.sum() == 6 && self.l.max() == 3'}]");

    assertThat(refused(schema, "{'t':'2026-01-02T03:04:05Z','d':'5m','l':[1,2,3]}")).isEmpty();
    assertThat(refused(schema, "{'t':'2025-01-02T03:04:05Z','d':'2h','l':[3,2,1]}")).hasSize(3);
  }

  @Test
  void aRuleThatCannotBeAnsweredRefuses() {
    String schema = rules("{'n':{'type':'integer'}}", "[{'rule':'self.n > 0'}]");

    assertThat(refused(schema, "{}")).singleElement().asString().contains("rule evaluation error");
  }
}
