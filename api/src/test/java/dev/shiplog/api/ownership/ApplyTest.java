package dev.shiplog.api.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.SchemaFixtures;
import dev.shiplog.api.schema.custom.CustomSchema;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Target;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.ValueType.Struct;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApplyTest {

  private static final String MAPS = "v1/configmaps";
  private static final String DEPLOYMENTS = "apps/v1/deployments";

  private static Shape type(String path) {
    return Shape.of(new Struct(SchemaFixtures.resource(path).typeName(), TypeCatalogue.builtIn()));
  }

  private static ObjectNode config(String path, String yaml) {
    var resource = SchemaFixtures.resource(path);
    String head = "apiVersion: %s\nkind: %s\n".formatted(resource.apiVersion(), resource.kind());
    return new ObjectDecoder()
        .decodeApplied((head + yaml).getBytes(StandardCharsets.UTF_8), Target.of(resource))
        .object();
  }

  private static Manager manager(String name) {
    return Manager.applying(name, "v1", "");
  }

  private static Apply apply(String path, String manager, boolean force, String yaml) {
    return new Apply(
        type(path), config(path, yaml), manager(manager), force, "2026-01-01T00:00:00Z");
  }

  private static ObjectNode stored(Apply.Result result) {
    Ownership.set(result.object(), result.managed());
    return result.object();
  }

  private static ObjectNode created(String path, String manager, String yaml) {
    return stored(apply(path, manager, false, yaml).toNothing());
  }

  private static ObjectNode applied(ObjectNode live, String path, String manager, String yaml) {
    return stored(apply(path, manager, false, yaml).to(live));
  }

  private static ObjectNode updated(String path, ObjectNode live, String manager, String yaml) {
    ObjectNode after = live.deepCopy();
    config(path, yaml).properties().forEach(e -> after.set(e.getKey(), e.getValue()));
    Ownership.ofChanged(
        type(path),
        live,
        after,
        Manager.updating(manager, "", "v1", ""),
        true,
        "2026-02-01T00:00:00Z");
    return after;
  }

  private static String owned(JsonNode object, String manager) {
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry.path("fieldsV1").toString();
      }
    }
    return "";
  }

  @Test
  void anApplierOwnsWhatItSaysAndNothingElse() {
    ObjectNode map = created(MAPS, "a", "metadata: {name: x, labels: {l: '1'}}\ndata: {k: v}");

    assertThat(owned(map, "a"))
        .isEqualTo("{\"f:metadata\":{\"f:labels\":{\"f:l\":{}}},\"f:data\":{\"f:k\":{}}}");
  }

  @Test
  void itemsOfAListAreOwnedByTheirKeysWithDefaultsFilledIn() {
    ObjectNode deployment =
        created(
            DEPLOYMENTS,
            "a",
            """
            spec:
              template:
                spec:
                  containers:
                  - name: c
                    ports: [{containerPort: 80}]
            """);

    assertThat(owned(deployment, "a"))
        .contains("k:{\\\"name\\\":\\\"c\\\"}")
        .contains("k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}");
  }

  @Test
  void whatAnApplierLeavesOutOfItsNextConfigurationIsRemoved() {
    ObjectNode map = created(MAPS, "a", "data: {keep: v, drop: v}");

    ObjectNode next = applied(map, MAPS, "a", "data: {keep: v}");

    assertThat(next.path("data").toString()).isEqualTo("{\"keep\":\"v\"}");
  }

  @Test
  void whatAnotherAlsoOwnsStaysWhenOneGivesItUp() {
    ObjectNode map = created(MAPS, "a", "data: {shared: v}");
    map = applied(map, MAPS, "b", "data: {shared: v}");

    ObjectNode next = applied(map, MAPS, "a", "data: {own: v}");

    assertThat(next.path("data").path("shared").asText()).isEqualTo("v");
    assertThat(owned(next, "b")).isEqualTo("{\"f:data\":{\"f:shared\":{}}}");
    assertThat(owned(next, "a")).isEqualTo("{\"f:data\":{\"f:own\":{}}}");
  }

  @Test
  void anotherValueForAnOwnedFieldIsAConflictThatNamesOwnerAndPath() {
    ObjectNode map = created(MAPS, "a", "data: {k: v}");

    assertThatThrownBy(() -> applied(map, MAPS, "b", "data: {k: other}"))
        .isInstanceOfSatisfying(
            ApiFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(409);
              assertThat(failure)
                  .hasMessage("Apply failed with 1 conflict: conflict with \"a\": .data.k");
              assertThat(failure.causes().getFirst().type()).isEqualTo("FieldManagerConflict");
              assertThat(failure.causes().getFirst().field()).isEqualTo(".data.k");
            });
  }

  @Test
  void forceTakesTheFieldFromItsOwner() {
    ObjectNode map = created(MAPS, "a", "data: {k: v, other: v}");

    ObjectNode next = stored(apply(MAPS, "b", true, "data: {k: w}").to(map));

    assertThat(next.path("data").path("k").asText()).isEqualTo("w");
    assertThat(owned(next, "a")).isEqualTo("{\"f:data\":{\"f:other\":{}}}");
    assertThat(owned(next, "b")).isEqualTo("{\"f:data\":{\"f:k\":{}}}");
  }

  @Test
  void anUpdateTakesTheFieldsItChanges() {
    ObjectNode map = created(MAPS, "a", "data: {k: v, other: v}");

    ObjectNode next = updated(MAPS, map, "editor", "data: {k: w, other: v, new: v}");

    assertThat(owned(next, "a")).isEqualTo("{\"f:data\":{\"f:other\":{}}}");
    assertThat(owned(next, "editor")).isEqualTo("{\"f:data\":{\"f:k\":{},\"f:new\":{}}}");
  }

  @Test
  void anUpdateThatChangesNothingLeavesOwnersAsTheyAre() {
    ObjectNode map = created(MAPS, "a", "data: {k: v}");

    assertThat(updated(MAPS, map, "editor", "data: {k: v}")).isEqualTo(map);
  }

  @Test
  void aListsItemsAreMergedByTheirKeys() {
    ObjectNode deployment =
        created(
            DEPLOYMENTS,
            "a",
            "spec: {template: {spec: {containers: [{name: one, image: i}, {name: two, image: i}]}}}");

    ObjectNode next =
        applied(
            deployment,
            DEPLOYMENTS,
            "b",
            "spec: {template: {spec: {containers: [{name: two, stdin: true}, {name: three, image: i}]}}}");

    assertThat(next.at("/spec/template/spec/containers"))
        .extracting(container -> container.path("name").asText())
        .containsExactly("one", "two", "three");
    assertThat(next.at("/spec/template/spec/containers/1/image").asText()).isEqualTo("i");
    assertThat(next.at("/spec/template/spec/containers/1/stdin").asBoolean()).isTrue();
  }

  @Test
  void anItemThatItsOnlyOwnerDropsGoesWithAllOfIt() {
    ObjectNode deployment =
        created(
            DEPLOYMENTS,
            "a",
            "spec: {template: {spec: {containers: [{name: one, image: i}, {name: two, image: i}]}}}");

    ObjectNode next =
        applied(
            deployment,
            DEPLOYMENTS,
            "a",
            "spec: {template: {spec: {containers: [{name: one, image: i}]}}}");

    assertThat(next.at("/spec/template/spec/containers")).hasSize(1);
  }

  @Test
  void aSetsItemsAreOwnedOneByOne() {
    ObjectNode map = created(MAPS, "a", "metadata: {finalizers: [x/a]}");

    map = applied(map, MAPS, "b", "metadata: {finalizers: [x/b]}");

    assertThat(map.at("/metadata/finalizers").toString()).contains("x/a", "x/b");
    map = applied(map, MAPS, "a", "metadata: {labels: {l: v}}");
    assertThat(map.at("/metadata/finalizers").toString()).isEqualTo("[\"x/b\"]");
  }

  @Test
  void anAtomicListIsOwnedAsOnePiece() {
    String pods = "v1/pods";
    ObjectNode pod = created(pods, "a", "spec: {containers: [{name: c, args: [x, y]}]}");

    assertThatThrownBy(
            () -> applied(pod, pods, "b", "spec: {containers: [{name: c, args: [x, z]}]}"))
        .hasMessageContaining(".spec.containers[name=\"c\"].args");
  }

  @Test
  void anItemTwiceInOneListIsABadRequest() {
    assertThatThrownBy(() -> created("v1/pods", "a", "spec: {containers: [{name: c}, {name: c}]}"))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(400));
  }

  @Test
  void whatKubectlAppliedOnItsOwnSideItTakesOverWithoutConflict() {
    ObjectNode map = created(MAPS, "unrelated", "metadata: {name: x}");
    map =
        updated(
            MAPS,
            map,
            "kubectl-client-side-apply",
            """
            metadata:
              name: x
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"data":{"k":"v"}}'
            data: {k: v, more: v}
            """);
    ObjectNode live = map;

    ObjectNode next = applied(live, MAPS, "kubectl", "data: {k: w}");

    assertThat(next.path("data").path("k").asText()).isEqualTo("w");
    assertThatThrownBy(() -> applied(live, MAPS, "kubectl", "data: {more: w}"))
        .hasMessageContaining(".data.more");
    assertThatThrownBy(() -> applied(live, MAPS, "somebody", "data: {k: w}"))
        .hasMessageContaining(".data.k");
  }

  @Test
  void whatSomebodySetOtherwiseSinceKubectlAppliedItIsAConflict() {
    ObjectNode map =
        created(
            MAPS,
            "kubectl-client-side-apply",
            """
            metadata:
              name: x
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"data":{"k":"v","l":"v"}}'
            data: {k: v, l: v}
            """);
    ObjectNode live =
        updated(
            MAPS,
            map,
            "somebody",
            """
            metadata:
              name: x
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"data":{"k":"v","l":"v"}}'
            data: {k: other, l: v}
            """);

    assertThatThrownBy(() -> applied(live, MAPS, "kubectl", "data: {k: v, l: v}"))
        .hasMessageContaining("conflict with \"somebody\" using v1: .data.k");
    assertThat(applied(live, MAPS, "kubectl", "data: {l: w}").at("/data/l").asText())
        .isEqualTo("w");
  }

  @Test
  void whatWasThereBeforeAnybodyIsKnownToOwnItIsSomebodys() {
    ObjectNode live = created(MAPS, "a", "data: {k: v, l: v}");
    ((ObjectNode) live.path("metadata")).remove("managedFields");

    assertThatThrownBy(() -> applied(live, MAPS, "b", "data: {k: w}"))
        .hasMessageContaining("conflict with \"before-first-apply\" using v1: .data.k");
    assertThat(applied(live, MAPS, "b", "data: {k: v}").at("/metadata/managedFields"))
        .extracting(
            entry -> entry.path("manager").asText(), entry -> entry.path("operation").asText())
        .containsExactly(tuple("b", "Apply"), tuple("before-first-apply", "Update"));
  }

  @Test
  void managersThatCannotBeReadAreReplacedByThoseTheObjectHas() {
    ObjectNode map = created(MAPS, "a", "data: {k: v}");
    ObjectNode after = map.deepCopy();
    ((ObjectNode) after.at("/metadata/managedFields/0")).put("operation", "Nonsense");

    Ownership.ofChanged(
        type(MAPS), map, after, Manager.updating("m", "", "v1", ""), true, "2026-02-01T00:00:00Z");

    assertThat(after).isEqualTo(map);
  }

  @Test
  void oneEmptyEntryForgetsAllManagers() {
    ObjectNode map = created(MAPS, "a", "data: {k: v}");
    ObjectNode after = map.deepCopy();
    after.withObject("/metadata").putArray("managedFields").addObject();

    Ownership.ofChanged(
        type(MAPS), map, after, Manager.updating("m", "", "v1", ""), true, "2026-02-01T00:00:00Z");

    assertThat(after.path("metadata").has("managedFields")).isFalse();
  }

  @Test
  void aCrowdOfUpdatersIsCountedAsOne() {
    ObjectNode map = created(MAPS, "a", "data: {k: v}");
    StringBuilder data = new StringBuilder("k: v");
    for (int i = 0; i < 15; i++) {
      data.append(", k").append(i).append(": v");
      map = updated(MAPS, map, "updater-" + i, "data: {" + data + "}");
    }

    List<String> names = new ArrayList<>();
    map.at("/metadata/managedFields").forEach(e -> names.add(e.path("manager").asText()));
    assertThat(names).hasSize(11).contains("a", "ancient-changes", "updater-14");
  }

  @Test
  void aCustomResourcesListsAreOwnedAsItsSchemaSays() {
    Shape shape =
        Shape.of(
            CustomSchema.of(
                tree(
                    """
                    {"type":"object","properties":{"spec":{"type":"object","properties":{
                     "parts":{"type":"array","x-kubernetes-list-type":"map",
                      "x-kubernetes-list-map-keys":["id"],"items":{"type":"object","properties":{
                       "id":{"type":"string"},"size":{"type":"integer"}}}},
                     "order":{"type":"array","items":{"type":"string"}}}}}}
                    """)));
    ObjectNode config =
        tree("{\"spec\":{\"parts\":[{\"id\":\"a\",\"size\":1}],\"order\":[\"x\"]}}");
    Apply first = new Apply(shape, config, manager("a"), false, "2026-01-01T00:00:00Z");
    ObjectNode object = stored(first.toNothing());
    ObjectNode more = tree("{\"spec\":{\"parts\":[{\"id\":\"b\",\"size\":2}]}}");
    Apply second = new Apply(shape, more, manager("b"), false, "2026-01-01T00:00:00Z");

    ObjectNode next = stored(second.to(object));

    assertThat(next.at("/spec/parts")).hasSize(2);
    assertThat(owned(next, "a"))
        .contains("k:{\\\"id\\\":\\\"a\\\"}", "\"f:order\":{}")
        .doesNotContain("k:{\\\"id\\\":\\\"b\\\"}");
  }

  private static ObjectNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
  }

  @Test
  void applyingTwiceIsApplyingOnce() {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      ObjectNode live = created(MAPS, "a", "data: " + randomData(random));
      live = stored(apply(MAPS, "b", true, "data: " + randomData(random)).to(live));
      Apply again = apply(MAPS, "a", true, "data: " + randomData(random));
      ObjectNode once = stored(again.to(live));
      assertThat(stored(again.to(once))).isEqualTo(once);
    }
  }

  private static String randomData(Random random) {
    List<String> entries = new ArrayList<>();
    for (String key : List.of("a", "b", "c", "d")) {
      if (random.nextBoolean()) {
        entries.add(key + ": v" + random.nextInt(3));
      }
    }
    return "{" + String.join(", ", entries) + "}";
  }
}
