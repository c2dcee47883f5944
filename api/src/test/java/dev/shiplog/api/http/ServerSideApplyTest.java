package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ServerSideApplyTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

  @TestHTTPResource("/")
  URI server;

  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(server.getPort(), "admin-token");
  }

  private Reply apply(String path, String query, String yaml) {
    return http.send(
        "PATCH", path + "?" + query, yaml, "Content-Type", "application/apply-patch+yaml");
  }

  private static String map(String name, String data) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: %s".formatted(name, data);
  }

  private static String deployment(String name, String spec) {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: %s"
        .formatted(name, spec);
  }

  private static final String SPEC =
      "{selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}";

  private static List<String> managers(JsonNode object) {
    List<String> result = new ArrayList<>();
    object
        .at("/metadata/managedFields")
        .forEach(e ->
            result.add(
                e.path("manager").asText()
                    + " "
                    + e.path("operation").asText()
                    + (e.has("subresource") ? " " + e.path("subresource").asText() : "")));
    return result;
  }

  @Test
  void whatIsNotThereIsCreated() {
    Reply reply = apply(MAPS + "/new", "fieldManager=me", map("new", "{k: v}"));

    assertThat(reply.code()).as(reply.text()).isEqualTo(201);
    assertThat(managers(reply.json())).containsExactly("me Apply");
  }

  @Test
  void theSameAgainMakesNoRevision() {
    String spec = SPEC;
    Reply first = apply(DEPLOYMENTS + "/same", "fieldManager=me", deployment("same", spec));
    Reply again = apply(DEPLOYMENTS + "/same", "fieldManager=me", deployment("same", spec));

    assertThat(again.code()).isEqualTo(200);
    assertThat(again.text()).isEqualTo(first.text());
  }

  @Test
  void anotherOwnersFieldIsAConflictUnlessForced() {
    apply(MAPS + "/owned", "fieldManager=me", map("owned", "{k: v}"));

    Reply refused = apply(MAPS + "/owned", "fieldManager=you", map("owned", "{k: w}"));
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.json().path("reason").asText()).isEqualTo("Conflict");
    assertThat(refused.json().at("/details/causes/0/reason").asText())
        .isEqualTo("FieldManagerConflict");
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo(".data.k");

    Reply forced = apply(MAPS + "/owned", "fieldManager=you&force=true", map("owned", "{k: w}"));
    assertThat(forced.json().at("/data/k").asText()).isEqualTo("w");
  }

  @Test
  void aDryRunShowsWhatWouldBeAndKeepsNothing() {
    Reply reply = apply(MAPS + "/dry", "fieldManager=me&dryRun=All", map("dry", "{k: v}"));

    assertThat(reply.code()).isEqualTo(201);
    assertThat(http.get(MAPS + "/dry").code()).isEqualTo(404);
  }

  @Test
  void aCreatorOwnsWhatItSentUnderItsProgramsName() {
    Reply reply =
        http.post(
            MAPS,
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"made\"},\"data\":{\"k\":\"v\"}}",
            "User-Agent",
            "kubectl/v1.36.0 (linux/amd64)");

    assertThat(managers(reply.json())).containsExactly("kubectl Update");
    assertThat(reply.json().at("/metadata/managedFields/0/fieldsV1").toString())
        .isEqualTo("{\"f:data\":{\".\":{},\"f:k\":{}}}");
  }

  @Test
  void theStatusAndTheScaleHaveOwnersOfTheirOwn() {
    apply(DEPLOYMENTS + "/parts", "fieldManager=me", deployment("parts", SPEC));

    Reply status =
        apply(
            DEPLOYMENTS + "/parts/status",
            "fieldManager=controller",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: parts}\nspec: {paused: true}\nstatus: {observedGeneration: 1}");
    assertThat(status.code()).as(status.text()).isEqualTo(200);
    assertThat(status.json().at("/status/observedGeneration").asInt()).isEqualTo(1);
    assertThat(status.json().at("/spec").has("paused")).isFalse();

    Reply scale =
        apply(
            DEPLOYMENTS + "/parts/scale",
            "fieldManager=scaler&force=true",
            "apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: parts}\nspec: {replicas: 3}");
    assertThat(scale.code()).as(scale.text()).isEqualTo(200);
    JsonNode deployment = http.get(DEPLOYMENTS + "/parts").json();
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(managers(deployment))
        .contains("me Apply", "controller Apply status", "scaler Apply scale");
  }

  @Test
  void whatAnApplierDropsIsGone() {
    apply(
        DEPLOYMENTS + "/drop",
        "fieldManager=me",
        deployment("drop", SPEC.replace("{selector", "{replicas: 3, selector")));

    Reply reply = apply(DEPLOYMENTS + "/drop", "fieldManager=me", deployment("drop", SPEC));

    assertThat(reply.json().at("/spec/replicas").asInt()).as("its default again").isEqualTo(1);
  }

  @Test
  void anApplierMustSayItsName() {
    Reply reply = apply(MAPS + "/nameless", "", map("nameless", "{}"));

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.text()).contains("fieldManager", "is required for apply patch");
  }

  @Test
  void forceIsForAppliersOnly() {
    http.post(MAPS, "{\"metadata\":{\"name\":\"forced\"}}");
    Reply reply =
        http.send(
            "PATCH",
            MAPS + "/forced?force=true",
            "{}",
            "Content-Type",
            "application/merge-patch+json");

    assertThat(reply.code()).isEqualTo(422);
    assertThat(reply.text()).contains("may not be specified for non-apply patch");
  }

  @Test
  void unknownFieldsCannotBeApplied() {
    Reply reply =
        apply(MAPS + "/unknown", "fieldManager=me", map("unknown", "{}") + "\ncolour: blue");

    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.text()).contains("colour");
  }

  @Test
  void managedFieldsCannotBeApplied() {
    Reply reply =
        apply(
            MAPS + "/own",
            "fieldManager=me",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, managedFields: [{manager: a}]}");

    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.text()).contains("metadata.managedFields must be nil");
  }
}
