package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns a field keeps it: server-side apply by kubectl. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServerSideApplyIT {

  private static final String NAMESPACE = "owned";

  private final Kubectl kubectl;

  ServerSideApplyIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @BeforeAll
  void makeNamespace() {
    kubectl.ok("create namespace " + NAMESPACE);
  }

  @AfterAll
  void removeNamespace() {
    kubectl.run("delete namespace " + NAMESPACE);
  }

  @Test
  void anotherManagersFieldIsAConflictUntilForced() {
    apply(map("conflict", "{colour: blue}"), "--field-manager=one").succeeded();
    Run refused = apply(map("conflict", "{colour: red}"), "--field-manager=two").failed();
    assertThat(refused.err())
        .contains("Apply failed with 1 conflict: conflict with \"one\": .data.colour");
    apply(map("conflict", "{colour: red}"), "--field-manager=two", "--force-conflicts").succeeded();
    assertThat(data("conflict")).isEqualTo("{\"colour\":\"red\"}");
    assertThat(managers("conflict")).contains("two Apply");
  }

  @Test
  void theSameValueIsOwnedByBothAndGoesWithTheLast() {
    apply(map("shared", "{colour: blue, size: big}"), "--field-manager=one").succeeded();
    apply(map("shared", "{colour: blue}"), "--field-manager=two").succeeded();
    apply(map("shared", "{size: big}"), "--field-manager=one").succeeded();
    assertThat(data("shared")).isEqualTo("{\"colour\":\"blue\",\"size\":\"big\"}");
    apply(map("shared", "{}"), "--field-manager=two").succeeded();
    assertThat(data("shared")).isEqualTo("{\"size\":\"big\"}");
  }

  @Test
  void applyingAgainMakesNoNewRevision() {
    apply(map("again", "{colour: blue}")).succeeded();
    String revision = in("get configmap again -o jsonpath={.metadata.resourceVersion}");
    apply(map("again", "{colour: blue}")).succeeded();
    assertThat(in("get configmap again -o jsonpath={.metadata.resourceVersion}"))
        .isEqualTo(revision);
  }

  @Test
  void aDryRunAndADiffShowAndKeepNothing() {
    apply(map("dry", "{colour: blue}")).succeeded();
    Run dry = apply(map("dry", "{colour: red}"), "--dry-run=server", "-o", "yaml").succeeded();
    assertThat(dry.out()).contains("colour: red");
    Run diff =
        kubectl.run(
            List.of("-n", NAMESPACE, "diff", "--server-side", "-f", "-"),
            map("dry", "{colour: red}"));
    assertThat(diff.exit()).as(diff.toString()).isEqualTo(1);
    assertThat(diff.out()).contains("-  colour: blue", "+  colour: red");
    assertThat(data("dry")).isEqualTo("{\"colour\":\"blue\"}");
  }

  @Test
  void whatWasAppliedByTheClientMovesToTheServer() {
    kubectl
        .run(
            List.of("-n", NAMESPACE, "apply", "-f", "-"), map("moved", "{colour: blue, size: big}"))
        .succeeded();
    apply(map("moved", "{colour: red}")).succeeded();
    assertThat(data("moved")).isEqualTo("{\"colour\":\"red\"}");
    assertThat(managers("moved")).contains("kubectl Apply").doesNotContain("client-side");
  }

  @Test
  void containersAreMergedByTheirNames() {
    apply(deployment("{name: app, image: 'busybox:1'}"), "--field-manager=one").succeeded();
    apply(deployment("{name: side, image: 'busybox:2'}"), "--field-manager=two").succeeded();
    assertThat(in("get deployment shop -o jsonpath={.spec.template.spec.containers[*].name}"))
        .isEqualTo("app side");
    Run refused =
        apply(deployment("{name: app, image: 'busybox:3'}"), "--field-manager=two").failed();
    assertThat(refused.err())
        .contains("conflict with \"one\"", ".spec.template.spec.containers[name=\"app\"].image");
  }

  @Test
  void whatScalesADeploymentOwnsItsReplicas() {
    String manifest =
        deployment("{name: app, image: 'busybox:1'}")
            .replace("name: shop", "name: scaled")
            .replace("spec:\n  selector", "spec:\n  replicas: 1\n  selector");
    apply(manifest, "--field-manager=one").succeeded();
    in("scale deployment scaled --replicas=3");
    Run refused = apply(manifest, "--field-manager=one").failed();
    assertThat(refused.err()).contains("with subresource \"scale\"", ".spec.replicas");
  }

  private static String map(String name, String data) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: %s\n"
        .formatted(name, data);
  }

  private static String deployment(String container) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop}
    spec:
      selector: {matchLabels: {app: shop}}
      template:
        metadata: {labels: {app: shop}}
        spec:
          containers: [%s]
    """
        .formatted(container);
  }

  private Run apply(String manifest, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("-n", NAMESPACE, "apply", "--server-side", "-f", "-"));
    arguments.addAll(List.of(options));
    return kubectl.run(arguments, manifest);
  }

  private String data(String name) {
    return in("get configmap " + name + " -o jsonpath={.data}");
  }

  private String managers(String name) {
    return kubectl
        .run(
            List.of(
                "-n",
                NAMESPACE,
                "get",
                "configmap",
                name,
                "-o",
                "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation}\n{end}"))
        .succeeded()
        .out();
  }

  private String in(String arguments) {
    return kubectl.ok("-n " + NAMESPACE + " " + arguments);
  }
}
