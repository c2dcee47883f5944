package dev.shiplog.api.table;

import static dev.shiplog.api.schema.SchemaFixtures.decoded;
import static dev.shiplog.api.schema.SchemaFixtures.resource;
import static dev.shiplog.api.table.TableFixtures.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.ResourceType;
import org.junit.jupiter.api.Test;

class TablesTest {

  private final ResourceType namespaces = resource("v1/namespaces");
  private final ObjectNode object =
      decoded("v1/namespaces", "{metadata: {name: a, resourceVersion: '7'}}");

  @Test
  void aListIsOneTable() {
    ObjectNode listMeta =
        JsonNodeFactory.instance.objectNode().put("resourceVersion", "9").put("continue", "x");

    ObjectNode table = Tables.builtIn().empty(namespaces, "v1", listMeta);
    Tables.builtIn().addRow(table, namespaces, object, IncludeObject.METADATA, NOON);
    Tables.builtIn().addRow(table, namespaces, object, IncludeObject.METADATA, NOON);

    assertThat(table.path("kind").textValue()).isEqualTo("Table");
    assertThat(table.path("apiVersion").textValue()).isEqualTo("meta.k8s.io/v1");
    assertThat(table.path("metadata")).isEqualTo(listMeta);
    assertThat(table.path("rows")).hasSize(2);
    ObjectNode name = (ObjectNode) table.at("/columnDefinitions/0");
    assertThat(name.remove("description").textValue()).contains("unique within a namespace");
    assertThat(name)
        .hasToString("{\"name\":\"Name\",\"type\":\"string\",\"format\":\"name\",\"priority\":0}");
  }

  @Test
  void aColumnMeansWhatTheFieldDoesThatItShows() {
    ObjectNode pods =
        Tables.builtIn().empty(resource("v1/pods"), "v1", JsonNodeFactory.instance.objectNode());
    assertThat(pods.at("/columnDefinitions/5/name").textValue()).isEqualTo("IP");
    assertThat(pods.at("/columnDefinitions/5/description").textValue()).contains("podIP");
    ObjectNode volumes =
        Tables.builtIn()
            .empty(resource("v1/persistentvolumes"), "v1", JsonNodeFactory.instance.objectNode());
    assertThat(volumes.at("/columnDefinitions/1/description").textValue()).contains("capacity");
  }

  @Test
  void aRowCarriesWhatIsAskedFor() {
    assertThat(rowObject(IncludeObject.NONE)).isEqualTo("null");
    assertThat(rowObject(IncludeObject.METADATA))
        .isEqualTo(
            "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\","
                + "\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}");
    assertThat(rowObject(IncludeObject.OBJECT)).isEqualTo(object.toString());
  }

  @Test
  void onlyTheFirstEventOfAWatchHasColumns() {
    assertThat(event(true).path("columnDefinitions")).isNotEmpty();
    assertThat(event(false).path("columnDefinitions").isNull()).isTrue();
    assertThat(event(false).at("/metadata/resourceVersion").textValue()).isEqualTo("7");
  }

  @Test
  void aPodThatIsThroughIsMarked() {
    ObjectNode pod = decoded("v1/pods", "{status: {phase: Succeeded}}");

    ObjectNode table =
        Tables.builtIn().of(resource("v1/pods"), "v1", pod, IncludeObject.NONE, true, NOON);

    assertThat(table.at("/rows/0/conditions/0/reason").textValue()).isEqualTo("Succeeded");
  }

  private String rowObject(IncludeObject include) {
    return Tables.builtIn()
        .of(namespaces, "v1", object, include, true, NOON)
        .at("/rows/0/object")
        .toString();
  }

  private ObjectNode event(boolean first) {
    return Tables.builtIn().of(namespaces, "v1", object, IncludeObject.METADATA, first, NOON);
  }
}
