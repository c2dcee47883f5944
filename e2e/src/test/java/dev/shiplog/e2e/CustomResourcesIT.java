package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Custom resources, as people with kubectl meet them. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CustomResourcesIT {

  private static final String GROUP = "kubectl.example.com";

  private final Kubectl kubectl;

  CustomResourcesIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @BeforeAll
  void define() {
    kubectl.ok("create namespace harbour");
    Definitions.define(kubectl, GROUP);
  }

  @AfterAll
  void remove() {
    kubectl.run("delete crd ships." + GROUP + " --ignore-not-found");
    kubectl.run("delete namespace harbour");
  }

  @Test
  void aDefinedResourceIsListedWithItsNamesAndExplained() {
    assertThat(kubectl.ok("api-resources --api-group=" + GROUP + " -o wide"))
        .contains("ships", "shp", GROUP + "/v1", "true", "Ship", "fleet");
    assertThat(kubectl.ok("explain ships.spec --api-version=" + GROUP + "/v1"))
        .contains("What the ship is to be.", "masts\t<integer> -required-", "enum: white, black");
    assertThat(kubectl.ok("explain ships --recursive --api-version=" + GROUP + "/v1"))
        .contains("A ship at sea.", "tons\t<integer>", "managedFields");
  }

  @Test
  void objectsAreShownInTheirColumnsByAnyOfTheirNames() {
    sail("columns", "{masts: 3, home: kiel}");
    assertThat(in("get shp columns").lines().findFirst().orElseThrow().split("\\s+"))
        .containsExactly("NAME", "MASTS", "AGE");
    assertThat(in("get fleet -o wide")).contains("HOME", "kiel");
    assertThat(in("get ship." + GROUP + " columns -o jsonpath={.spec.flag}")).isEqualTo("white");
    assertThat(in("describe ship columns")).contains("Masts:", "Home:");
  }

  @Test
  void wrongFieldsAreRefusedBeforeAnythingIsStored() {
    Run unknown = send("wrong", "{masts: 1, colour: red}").failed();
    assertThat(unknown.err()).contains("strict decoding error: unknown field \"spec.colour\"");
    Run invalid = send("wrong", "{masts: 0, flag: green}").failed();
    assertThat(invalid.err())
        .contains("spec.masts: Invalid value: 0: spec.masts in body should be greater than")
        .contains("spec.flag: Unsupported value: \"green\"");
    Run rule = send("wrong", "{masts: 9}").failed();
    assertThat(rule.err()).contains("spec.masts", "too many masts");
    Run twice = send("wrong", "{masts: 1, holds: [{name: a}, {name: a}]}").failed();
    assertThat(twice.err()).contains("spec.holds[1]: Duplicate value");
    assertThat(in("get ships -o name")).doesNotContain("wrong");
  }

  @Test
  void aRuleComparesWithWhatWasBefore() {
    sail("homed", "{masts: 1, home: kiel}");
    Run moved = patch("homed", "{\"spec\":{\"home\":\"york\"}}").failed();
    assertThat(moved.err()).contains("a ship keeps its home");
    assertThat(patch("homed", "{\"spec\":{\"masts\":2}}").out()).contains("patched");
  }

  @Test
  void statusAndScaleArePathsOfTheirOwn() {
    sail("scaled", "{masts: 1}");
    in("patch ship scaled --subresource=status --type=merge -p {\"status\":{\"masts\":1}}");
    assertThat(in("get ship scaled -o jsonpath={.status.masts}/{.metadata.generation}"))
        .isEqualTo("1/1");
    in("scale ship scaled --replicas=4");
    assertThat(in("get ship scaled -o jsonpath={.spec.masts}/{.metadata.generation}"))
        .isEqualTo("4/2");
    assertThat(in("get ship scaled --subresource=scale -o jsonpath={.status.replicas}"))
        .isEqualTo("1");
  }

  @Test
  void objectsAreSelectedByTheFieldsThatMayBe() {
    sail("at-kiel", "{masts: 1, home: docks}");
    sail("at-york", "{masts: 1, home: quay}");
    assertThat(in("get ships --field-selector=spec.home=docks -o name"))
        .isEqualTo("ship." + GROUP + "/at-kiel");
    Run other = kubectl.run("-n harbour get ships --field-selector=spec.masts=1").failed();
    assertThat(other.err()).contains("field label not supported: spec.masts");
  }

  @Test
  void applyingMergesWhatOthersHaveSet() {
    sail("merged", "{masts: 1}");
    in("label ship merged tide=high");
    sail("merged", "{masts: 2}");
    assertThat(in("get ship merged -o jsonpath={.spec.masts}/{.metadata.labels.tide}"))
        .isEqualTo("2/high");
    assertThat(sail("merged", "{masts: 2}")).contains("unchanged");
  }

  @Test
  void aDefinitionThatIsNoSchemaIsRefused() {
    String bad = Definitions.ships("bad.example.com").replace("type: object\n", "type: objekt\n");
    Run refused = kubectl.run(List.of("apply", "-f", "-"), bad).failed();
    assertThat(refused.err()).contains("spec.validation.openAPIV3Schema", "objekt");
  }

  @Test
  void whatIsDeletedWithItsDefinitionIsGoneWhenItComesBack() {
    String group = "gone.example.com";
    Definitions.define(kubectl, group, "wreck");
    kubectl.run(
        List.of("-n", "harbour", "apply", "-f", "-"),
        Definitions.ship(group, "a", "{masts: 1}").replace("Ship", "Wreck"));
    kubectl.ok("delete crd wrecks." + group + " --timeout=60s");
    assertThat(kubectl.ok("api-resources --api-group=" + group + " -o name")).isEmpty();
    Definitions.define(kubectl, group, "wreck");
    assertThat(in("get wrecks -o name")).isEmpty();
    kubectl.ok("delete crd wrecks." + group + " --timeout=60s");
  }

  @Test
  void customResourcesGoWithTheirNamespace() {
    kubectl.ok("create namespace cove");
    kubectl.run(
        List.of("-n", "cove", "apply", "-f", "-"), Definitions.ship(GROUP, "a", "{masts: 1}"));
    kubectl.ok("delete namespace cove --timeout=60s");
    assertThat(kubectl.ok("get ships." + GROUP + " -A -o name")).doesNotContain("cove");
  }

  private String sail(String name, String spec) {
    return send(name, spec).succeeded().out();
  }

  private Run send(String name, String spec) {
    return kubectl.run(
        List.of("-n", "harbour", "apply", "-f", "-"), Definitions.ship(GROUP, name, spec));
  }

  private Run patch(String name, String patch) {
    return kubectl.run("-n harbour patch ship " + name + " --type=merge -p " + patch);
  }

  private String in(String arguments) {
    return kubectl.ok("-n harbour " + arguments);
  }
}
