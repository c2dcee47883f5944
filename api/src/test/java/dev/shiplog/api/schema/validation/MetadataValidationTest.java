package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.SchemaFixtures.defaulted;
import static dev.shiplog.api.schema.SchemaFixtures.resource;
import static dev.shiplog.api.schema.validation.ValidationFixtures.created;
import static dev.shiplog.api.schema.validation.ValidationFixtures.updated;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataValidationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1/configmaps | {name: a.b-c}",
        "v1/configmaps | {name: a-x, generateName: a-}",
        "v1/configmaps | {name: a, labels: {example.org/x_Y.z: A-b_c.d, e: ''}}",
        "v1/configmaps | {name: a, annotations: {Example.org/x: any thing}}",
        "v1/configmaps | {name: a, ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: u,"
            + " controller: true}]}",
        "rbac.authorization.k8s.io/v1/clusterroles | {name: 'system:Node'}"
      })
  void usualMetadataIsValid(String path, String metadata) {
    assertThat(created(path, "{metadata: " + metadata + "}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1/configmaps | {name: A} | metadata.name: Invalid value: \"A\": a lowercase RFC 1123",
        "v1/configmaps | {name: -a} | metadata.name: Invalid value: \"-a\"",
        "v1/configmaps | {name: a, generateName: A-} | metadata.generateName: Invalid value:",
        "v1/namespaces | {name: a.b} | metadata.name: Invalid value: \"a.b\": a lowercase RFC 1123"
            + " label",
        "v1/namespaces | {name: a, namespace: b} | metadata.namespace: Forbidden: not allowed on"
            + " this type",
        "rbac.authorization.k8s.io/v1/clusterroles | {name: a/b} | metadata.name: Invalid value:"
            + " \"a/b\": may not contain '/'",
        "v1/configmaps | {name: a, labels: {-x: y}} | metadata.labels: Invalid value: \"-x\": name"
            + " part must consist of",
        "v1/configmaps | {name: a, labels: {x: 'y z'}} | metadata.labels: Invalid value: \"y z\":"
            + " a valid label must be",
        "v1/configmaps | {name: a, annotations: {/x: y}} | metadata.annotations: Invalid value:"
            + " \"/x\": prefix part must be non-empty",
        "v1/configmaps | {name: a, finalizers: ['x y']} | metadata.finalizers[0]: Invalid value:"
            + " \"x y\"",
        "v1/configmaps | {name: a, ownerReferences: [{apiVersion: v1, kind: Pod, name: p}]} |"
            + " metadata.ownerReferences[0].uid: Invalid value: \"\": must not be empty",
        "v1/configmaps | {name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u,"
            + " controller: true}, {apiVersion: v1, kind: B, name: q, uid: v, controller: true}]} |"
            + " metadata.ownerReferences: Invalid value:"
      })
  void aFaultIsNamed(String path, String metadata, String fault) {
    assertThat(created(path, "{metadata: " + metadata + "}"))
        .singleElement()
        .asString()
        .startsWith(fault);
  }

  @Test
  void aNameIsRequired() {
    assertThat(Validation.builtIn().ofCreate(resource("v1/nodes"), defaulted("v1/nodes", "{}")))
        .extracting(c -> c.field() + ": " + c.message())
        .containsExactly("metadata.name: Required value: name or generateName is required");
  }

  @Test
  void namesHaveALongestLength() {
    assertThat(created("v1/configmaps", "{metadata: {name: " + "a".repeat(254) + "}}"))
        .singleElement()
        .asString()
        .endsWith("must be no more than 253 characters");
  }

  @Test
  void annotationsHaveALargestSize() {
    String large = "x".repeat(256 * 1024);

    assertThat(created("v1/configmaps", "{metadata: {annotations: {a: " + large + "}}}"))
        .containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
  }

  @Test
  void whatIdentifiesAnObjectStays() {
    assertThat(
            updated(
                "v1/configmaps",
                "{metadata: {name: a, uid: '1'}}",
                "{metadata: {name: b, uid: '2'}}"))
        .containsExactly(
            "metadata.name: Invalid value: \"b\": field is immutable",
            "metadata.uid: Invalid value: \"2\": field is immutable");
  }

  @Test
  void anObjectThatIsBeingDeletedGetsNoNewFinalizer() {
    String deleted = "{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [a/b]}}";

    assertThat(updated("v1/configmaps", deleted, deleted.replace("[a/b]", "[]"))).isEmpty();
    assertThat(updated("v1/configmaps", deleted, deleted.replace("[a/b]", "[a/b, c/d]")))
        .containsExactly(
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
                + " deleted, found new finalizers [c/d]");
  }
}
