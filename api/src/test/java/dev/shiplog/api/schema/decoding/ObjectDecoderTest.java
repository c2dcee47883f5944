package dev.shiplog.api.schema.decoding;

import static dev.shiplog.api.schema.SchemaFixtures.decode;
import static dev.shiplog.api.schema.SchemaFixtures.decodeJson;
import static dev.shiplog.api.schema.SchemaFixtures.decoded;
import static dev.shiplog.api.schema.decoding.FieldValidation.IGNORE;
import static dev.shiplog.api.schema.decoding.FieldValidation.STRICT;
import static dev.shiplog.api.schema.decoding.FieldValidation.WARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectDecoderTest {

  private static final String TWO_UNKNOWN =
      """
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},
       "spec":{"containers":[{"name":"c","imag":"x"}],"foo":1}}
      """;

  @Test
  void fieldsGetTheOrderOfTheirDeclaration() {
    assertThat(json("v1/services", "{'spec':{'type':'ClusterIP','ports':[]},'kind':'Service'}"))
        .isEqualTo(
            "{'kind':'Service','apiVersion':'v1','metadata':{},'spec':{'type':'ClusterIP'},"
                + "'status':{'loadBalancer':{}}}");
  }

  @Test
  void labelsAreSorted() {
    assertThat(json("v1/configmaps", "{'metadata':{'labels':{'b':'1','a':'2'}}}"))
        .isEqualTo(
            "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'labels':{'a':'2','b':'1'}}}");
  }

  @Test
  void nullsAndUnsetValuesAreLeftOut() {
    assertThat(
            json(
                "v1/configmaps",
                "{'metadata':{'name':'a','namespace':'','labels':{},'annotations':null},'data':{}}"))
        .isEqualTo("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'a'}}");
  }

  @Test
  void anExplicitZeroIsKeptWhereItDiffersFromAbsence() {
    assertThat(
            decoded("apps/v1/deployments", "{spec: {replicas: 0, paused: false}}")
                .path("spec")
                .toString())
        .startsWith("{\"replicas\":0,")
        .doesNotContain("paused");
  }

  @Test
  void whatIsAlwaysWrittenIsWrittenWhenUnset() {
    assertThat(json("rbac.authorization.k8s.io/v1/roles", "{}"))
        .isEqualTo(
            "{'kind':'Role','apiVersion':'rbac.authorization.k8s.io/v1','metadata':{},"
                + "'rules':null}");
  }

  @Test
  void unknownFieldsAreDroppedInSilence() {
    Decoded decoded = decodeJson("v1/pods", TWO_UNKNOWN, IGNORE);

    assertThat(decoded.warnings()).isEmpty();
    assertThat(decoded.object().path("spec").has("foo")).isFalse();
  }

  @Test
  void unknownFieldsAreDroppedWithAWarningEach() {
    Decoded decoded = decodeJson("v1/pods", TWO_UNKNOWN, WARN);

    assertThat(decoded.warnings())
        .containsExactly("unknown field \"spec.containers[0].imag\"", "unknown field \"spec.foo\"");
    assertThat(decoded.object().path("spec").has("foo")).isFalse();
  }

  @Test
  void unknownFieldsAreRefused() {
    assertBadRequest(
        () -> decodeJson("v1/pods", TWO_UNKNOWN, STRICT),
        "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field"
            + " \"spec.containers[0].imag\", unknown field \"spec.foo\"");
  }

  @Test
  void ofARepeatedFieldTheLastCounts() {
    String twice = "{'kind':'ConfigMap','data':{'a':'1'},'data':{'a':'2','a':'3'}}";

    Decoded decoded = decodeJson("v1/configmaps", twice.replace('\'', '"'), WARN);

    assertThat(decoded.object().at("/data/a").textValue()).isEqualTo("3");
    assertThat(decoded.warnings())
        .containsExactly("duplicate field \"data\"", "duplicate field \"data.a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{spec: {replicas: three}} | string into Go struct field DeploymentSpec.spec.replicas of"
            + " type int32",
        "{spec: {replicas: 1.5}} | number 1.5 into Go struct field DeploymentSpec.spec.replicas of"
            + " type int32",
        "{spec: {replicas: 3000000000}} | number 3000000000 into Go struct field"
            + " DeploymentSpec.spec.replicas of type int32",
        "{metadata: {labels: {a: 1}}} | number into Go struct field ObjectMeta.metadata.labels of"
            + " type string",
        "{metadata: {labels: [a]}} | array into Go struct field ObjectMeta.metadata.labels of type"
            + " map[string]string",
        "{spec: {paused: 'yes'}} | string into Go struct field DeploymentSpec.spec.paused of type"
            + " bool",
        "{spec: {template: {spec: {containers: {name: a}}}}} | object into Go struct field"
            + " PodSpec.spec.template.spec.containers of type []v1.Container",
        "{spec: {template: {spec: {containers: [{env: [{value: 1}]}]}}}} | number into Go struct"
            + " field EnvVar.spec.template.spec.containers.env.value of type string"
      })
  void aValueOfTheWrongTypeIsNamed(String manifest, String expected) {
    assertBadRequest(
        () -> decode("apps/v1/deployments", manifest, IGNORE),
        "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal "
            + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{spec: {capacity: {storage: 1KK}}} | unable to parse quantity's suffix",
        "{spec: {capacity: {storage: a}}} | quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "{metadata: {deletionTimestamp: soon}} | parsing time \"soon\" as RFC 3339, such as"
            + " 2006-01-02T15:04:05Z: cannot parse \"soon\"",
      })
  void aMalformedValueIsExplained(String manifest, String expected) {
    assertBadRequest(
        () -> decode("v1/persistentvolumes", manifest, IGNORE),
        "PersistentVolume in version \"v1\" cannot be handled as a PersistentVolume: " + expected);
  }

  @Test
  void malformedBase64IsExplained() {
    assertBadRequest(
        () -> decode("v1/secrets", "{data: {a: 'ab$d'}}", IGNORE),
        "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte"
            + " 2");
  }

  @Test
  void anotherKindIsRefusedEvenWhereItsFieldsDoNotFit() {
    assertBadRequest(
        () -> decodeJson("v1/pods", "{\"spec\":5,\"kind\":\"Service\"}", IGNORE),
        "Service in version \"v1\" cannot be handled as a Pod: the data is of kind \"Service\","
            + " expected \"Pod\"");
  }

  @Test
  void anotherVersionIsRefused() {
    assertBadRequest(
        () -> decode("apps/v1/deployments", "{apiVersion: apps/v1beta1}", IGNORE),
        "the API version in the data (apps/v1beta1) does not match the expected API version"
            + " (apps/v1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1 | Unexpected end-of-input",
        "[] | it is no object but array",
        "'' | it is no object but nothing",
        "{} {} | something follows its end",
        "{\"kind\":Pod} | Unrecognized token 'Pod'"
      })
  void whatIsNoJsonObjectIsUnrecognized(String body, String expected) {
    assertThatThrownBy(() -> decodeJson("v1/pods", body, IGNORE))
        .isInstanceOf(ApiFailure.class)
        .hasMessageStartingWith("the object provided is unrecognized (must be of type Pod): ")
        .hasMessageContaining(expected);
  }

  @Test
  void aBodyThatNestsTooDeepIsRefused() {
    String deep = "{\"metadata\":{\"managedFields\":[{\"fieldsV1\":" + "{\"a\":".repeat(100_000);

    assertThatThrownBy(() -> decodeJson("v1/pods", deep, IGNORE))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void aliasesOfYamlAreBounded() {
    StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
    for (char c = 'b'; c < 'j'; c++) {
      String before = "*" + (char) (c - 1);
      bomb.append(c).append(": &").append(c).append(" [");
      bomb.append(String.join(",", java.util.Collections.nCopies(10, before))).append("]\n");
    }

    assertThatThrownBy(() -> decode("v1/pods", bomb.toString(), IGNORE))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("yaml parse error");
  }

  @Test
  void anEmbeddedObjectIsKeptAsItIs() {
    assertThat(
            decodeJson(
                    "apps/v1/controllerrevisions",
                    "{\"data\":{\"z\":null,\"a\":1.50},\"revision\":1}",
                    STRICT)
                .object()
                .get("data"))
        .hasToString("{\"z\":null,\"a\":1.5}");
  }

  @Test
  void severalMegabytesDecode() {
    String value = "x".repeat(2_900_000);

    assertThat(
            decodeJson("v1/configmaps", "{\"data\":{\"a\":\"" + value + "\"}}", STRICT)
                .object()
                .at("/data/a")
                .textValue())
        .hasSize(2_900_000);
  }

  private static String json(String path, String json) {
    return decodeJson(path, json.replace('\'', '"'), STRICT).object().toString().replace('"', '\'');
  }

  private static AbstractThrowableAssert<?, ?> assertBadRequest(
      ThrowingCallable call, String message) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.BAD_REQUEST))
        .hasMessage(message);
  }
}
