package dev.shiplog.api.schema.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.SimpleType;
import dev.shiplog.api.schema.validation.Causes;
import dev.shiplog.api.schema.validation.FieldPath;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules cost, and that what may cost too much is refused before there is an object. */
class CelCostTest {

  private static final String TEXT = "{'type':'string'}";
  private static final String NUMBER = "{'type':'integer'}";

  private static CustomSchema schema(String properties) {
    String json = "{'type':'object','properties':{" + properties + "}}";
    return CustomSchema.of(tree(json));
  }

  private static JsonNode tree(String json) {
    return Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  private static long cost(String properties, String rule) throws Exception {
    CustomSchema schema = schema(properties);
    CelTypes types = new CelTypes();
    var self = types.of(schema, "Object", false);
    var cel = CelLibrary.builder().setTypeProvider(types.provider()).addVar("self", self).build();
    return CelCost.of(cel.compile(rule).getAst(), CelExtent.of(schema, false));
  }

  /** The figures are those of Kubernetes, which promises that they do not change. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          string ; !self.a.startsWith('knight') ; 4
          string ; self.a.matches('^[^0-9]*$') ; 943721
          string ; self.a.indexOf('o') == 1 ; 314576
          string ; self.a.replace(' ', 'x') == 'Rookxtakesx' ; 629150
          string ; self.a.split(' ') == ['Rook', 'takes', 'x'] ; 629159
          string ; self.a.substring(4, 10).trim() == 'takes' ; 629149
          string ; self.a.lowerAscii() == self.a.lowerAscii() ; 943723
          string ; self.a.charAt(3) == 'k' ; 4
          string ; size(self.a) == 12 ; 4
          string ; type(self.a) == string ; 4
          integer ; self.a == self.b ; 4
          integer ; string(self.a) == self.c ; 314578
          array ; 1 in self.a ; 1572865
          array ; self.a + self.b == [1, 2, 3, 1, 2, 3] ; 16
          array ; has(self.a) && has(self.b) ; 2
          array ; self.a.all(k, size(self.a) > 0) ; 11010044
          array ; self.a.all(e, e > 0) ; 7864318
          array ; self.a.exists(e, e > 2) ; 9437181
          array ; self.a.exists_one(e, e > 4) ; 6291456
          array ; size(self.a.filter(e, e%2 == 0)) == 3 ; 25165823
          array ; self.a.map(e, e * 20).filter(e, e > 50).exists(e, e == 60) ; 53477367
          map ; self.a == self.b ; 39326
          map ; 'k1' in self.a ; 3
          map ; self.a == {'k1': 'a', 'k2': 'b'} ; 33
          map ; self.a.all(k, size(self.a) > 0) ; 2752508
          objects ; self.a.all(m, m.k.startsWith('a')) ; 6291453
          objects ; self.a.all(m, !has(m.w) || m.w == 'z') ; 8388603
          objects ; self.a.exists(m, m.k == 'a1' && m.v == 'b1') ; 10485753
          objects ; self.a.map(m, m.v).exists(v, v == 'b1') ; 19922939
          objects ; self.a.filter(m, has(m.w) && m.w == 'z').map(m, m.w).size() == 1 ; 32505851
          either ; self.a != 1 ; 3
          either ; type(self.a) == int ? self.a == 1 : self.a == '25%' ; 7
          """)
  void anExpressionCostsWhatItCostsInKubernetes(String type, String rule, long cost)
      throws Exception {
    String schema =
        switch (type) {
          case "string", "integer" -> "{'type':'" + type + "'}";
          case "array" -> "{'type':'array','items':" + NUMBER + "}";
          case "map" -> "{'type':'object','additionalProperties':" + TEXT + "}";
          case "either" -> "{'x-kubernetes-int-or-string':true}";
          default ->
              "{'type':'array','items':{'type':'object','properties':{'k':%1$s,'v':%1$s,'w':%1$s}}}"
                  .formatted(TEXT);
        };
    assertThat(cost("'a':%1$s,'b':%1$s,'c':%2$s".formatted(schema, TEXT), rule)).isEqualTo(cost);
  }

  @ParameterizedTest
  @CsvSource({"16, 909090", "63, 333333", "253, 94339", "1024, 24154"})
  void howLongAListMayBeDependsOnHowLongItsTextsAre(int length, int items) {
    String list =
        "'a':{'type':'array','maxItems':%d,'items':{'type':'string','maxLength':%d},"
            + "'x-kubernetes-validations':[{'rule':'self.all(x, x.contains(\\u0027gpu\\u0027))'}]}";
    assertThat(refused(list.formatted(items, length))).isEmpty();
    assertThat(refused(list.formatted(items + 1, length)))
        .extracting(StatusCause::message)
        .singleElement()
        .asString()
        .startsWith("Forbidden: estimated rule cost exceeds budget by factor of 1.0");
  }

  private static List<StatusCause> refused(String properties) {
    return refused(properties, false);
  }

  private static List<StatusCause> refused(String properties, boolean known) {
    Causes causes = new Causes();
    CelRules.check(schema(properties), FieldPath.of("s"), known, causes);
    return causes.list();
  }

  @Test
  void aRuleWithoutLimitsIsRefusedWithAHint() {
    List<StatusCause> causes =
        refused(
            "'a':{'type':'array','items':{'type':'string'},"
                + "'x-kubernetes-validations':[{'rule':'self.all(x, x.contains(\\u0027gpu\\u0027))'}]}");
    String rule = "s.properties[a].x-kubernetes-validations[0].rule";
    assertThat(causes)
        .extracting(cause -> cause.field() + ": " + cause.message())
        .containsExactly(
            rule
                + ": Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try"
                + " simplifying the rule, or adding maxItems, maxProperties, and maxLength where"
                + " arrays, maps, and strings are declared)",
            rule
                + ": Forbidden: contributed to estimated rule cost total exceeding cost limit for"
                + " entire OpenAPIv3 schema",
            "s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3"
                + " schema exceeds budget by factor of more than 100x (try simplifying the rule, or"
                + " adding maxItems, maxProperties, and maxLength where arrays, maps, and strings"
                + " are declared)");
  }

  @Test
  void aRuleBelowListsCountsAsOftenAsItMayBeAsked() {
    String lists =
        "'a':{'type':'array','maxItems':%d,'items':{'type':'array','maxItems':100,'items':"
            + "{'type':'string','maxLength':10,'x-kubernetes-validations':[{'rule':'self == self'}]}}}";
    // 6 each: two names, and 40 bytes to compare.
    assertThat(refused(lists.formatted(16_666))).isEmpty();
    assertThat(refused(lists.formatted(16_667))).hasSize(1);
  }

  @Test
  void aMessageMayNotCostTooMuchEither() {
    String rule =
        "'a':{'type':'integer','x-kubernetes-validations':"
            + "[{'rule':'self > 1','messageExpression':'string(self) + string(self)'}]}";
    assertThat(refused(rule))
        .extracting(StatusCause::message)
        .first()
        .asString()
        .startsWith("Forbidden: estimated messageExpression cost exceeds budget");
  }

  @Test
  void whatWasAcceptedBeforeIsHeldToTheLimitOfTheWholeAlone() {
    String rule =
        "'a':{'type':'array','maxItems':1000,'items':{'type':'string','maxLength':100000,"
            + "'x-kubernetes-validations':[{'rule':'self == self'}]}}";
    assertThat(refused(rule)).hasSize(1);
    assertThat(refused(rule, true)).isEmpty();
  }

  @Test
  void oneObjectCannotMakeItsRulesCostMoreThanTheBudget() {
    String schema =
        "'a':{'type':'array','items':{'type':'string',"
            + "'x-kubernetes-validations':[{'rule':'self == self'}]}}";
    String text = "x".repeat(100_000);
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      items.append(i == 0 ? "" : ",").append('\'').append(text).append('\'');
    }
    Causes causes = new Causes();
    CelRules.compile(schema(schema)).check(tree("{'a':[" + items + "]}"), null, causes);
    assertThat(causes.list())
        .extracting(StatusCause::message)
        .containsExactly(
            "Invalid value: \"string\": validation failed due to running out of cost budget, no"
                + " further validation rules will be run");
  }

  @Test
  void whatGoesRoundForeverEnds() throws Exception {
    String lists = "[" + "0,".repeat(99) + "0]";
    String endless =
        "%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, %1$s.all(e, true)))))".formatted(lists);
    var cel = CelLibrary.builder().build();
    var program = cel.createProgram(cel.compile(endless).getAst());
    assertThatThrownBy(() -> CelBudget.eval(program, Map.of()))
        .hasMessageContaining("operation cancelled: actual cost limit exceeded");
  }

  @Test
  void whatReadsMuchTextCostsMuchWhileItIsEvaluated() throws Exception {
    var cel = CelLibrary.builder().addVar("t", SimpleType.STRING).build();
    var program = cel.createProgram(cel.compile("t.matches('(a|b|c|d|e|f|g|h)*x$')").getAst());
    assertThat(CelBudget.eval(program, Map.of("t", "abc"))).isEqualTo(false);
    assertThatThrownBy(() -> CelBudget.eval(program, Map.of("t", "a".repeat(3_000_000))))
        .hasMessageContaining("operation cancelled: actual cost limit exceeded");
  }
}
