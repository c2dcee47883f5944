package dev.shiplog.api.patch;

import static dev.shiplog.api.patch.PatchFixtures.patched;
import static dev.shiplog.api.patch.PatchFixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {

  @Test
  void containersAreMergedByName() {
    assertPatched(
        "{spec: {containers: [{name: a, image: x, tty: true}, {name: b, image: y}]}}",
        "{spec: {containers: [{name: a, image: z}]}}",
        "{spec: {containers: [{name: a, image: z, tty: true}, {name: b, image: y}]}}");
  }

  @Test
  void aNewContainerIsAddedBeforeThoseThePatchDoesNotName() {
    assertPatched(
        "{spec: {containers: [{name: a}]}}",
        "{spec: {containers: [{name: b, image: y}]}}",
        "{spec: {containers: [{name: b, image: y}, {name: a}]}}");
  }

  @Test
  void aContainerIsDeletedByDirective() {
    assertPatched(
        "{spec: {containers: [{name: a}, {name: b}]}}",
        "{spec: {containers: [{name: a, $patch: delete}]}}",
        "{spec: {containers: [{name: b}]}}");
  }

  @Test
  void aListIsReplacedByDirective() {
    assertPatched(
        "{spec: {containers: [{name: a}, {name: b}]}}",
        "{spec: {containers: [{name: c}, {$patch: replace}]}}",
        "{spec: {containers: [{name: c}]}}");
  }

  @Test
  void anObjectIsReplacedByDirective() {
    assertPatched(
        "{spec: {securityContext: {runAsUser: 1, runAsGroup: 2}}}",
        "{spec: {securityContext: {runAsUser: 3, $patch: replace}}}",
        "{spec: {securityContext: {runAsUser: 3}}}");
  }

  @Test
  void anObjectIsEmptiedByDirective() {
    assertPatched(
        "{spec: {securityContext: {runAsUser: 1}}}",
        "{spec: {securityContext: {$patch: delete}}}",
        "{spec: {securityContext: {}}}");
  }

  @Test
  void nullRemovesAField() {
    assertPatched(
        "{metadata: {labels: {a: '1', b: '2'}}}",
        "{metadata: {labels: {a: null, c: '3'}}}",
        "{metadata: {labels: {b: '2', c: '3'}}}");
  }

  @Test
  void anAtomicListIsReplaced() {
    assertPatched(
        "{spec: {containers: [{name: a, args: [x, y]}]}}",
        "{spec: {containers: [{name: a, args: [z]}]}}",
        "{spec: {containers: [{name: a, args: [z]}]}}");
  }

  @Test
  void plainValuesOfAMergedListAreJoined() {
    assertPatched(
        "{metadata: {finalizers: [a, b]}}",
        "{metadata: {finalizers: [b, c]}}",
        "{metadata: {finalizers: [a, b, c]}}");
  }

  @Test
  void plainValuesAreDeletedByDirective() {
    assertPatched(
        "{metadata: {finalizers: [a, b, c]}}",
        "{metadata: {$deleteFromPrimitiveList/finalizers: [b]}}",
        "{metadata: {finalizers: [a, c]}}");
  }

  @Test
  void fieldsThatAreNotRetainedGo() {
    assertThat(
            patched(
                PatchType.STRATEGIC_MERGE,
                "apps/v1/deployments",
                "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}",
                "{spec: {strategy: {type: Recreate, $retainKeys: [type]}}}"))
        .isEqualTo(yaml("{spec: {strategy: {type: Recreate}}}"));
  }

  @Test
  void aVolumeChangesItsSource() {
    assertPatched(
        "{spec: {volumes: [{name: a, emptyDir: {}}]}}",
        "{spec: {volumes: [{name: a, hostPath: {path: /x}, $retainKeys: [name, hostPath]}]}}",
        "{spec: {volumes: [{name: a, hostPath: {path: /x}}]}}");
  }

  @Test
  void theOrderOfAListIsSet() {
    assertPatched(
        "{spec: {containers: [{name: a}, {name: b}, {name: c}]}}",
        "{spec: {$setElementOrder/containers: [{name: c}, {name: a}, {name: d}],"
            + " containers: [{name: d}]}}",
        "{spec: {containers: [{name: b}, {name: c}, {name: a}, {name: d}]}}");
  }

  @Test
  void theOrderOfPlainValuesIsSet() {
    assertPatched(
        "{metadata: {finalizers: [a, b, c]}}",
        "{metadata: {$setElementOrder/finalizers: [c, a]}}",
        "{metadata: {finalizers: [b, c, a]}}");
  }

  @Test
  void directivesDoNotStayInWhatIsNew() {
    assertPatched(
        "{spec: {}}",
        "{spec: {$setElementOrder/containers: [{name: a}], containers: [{name: a,"
            + " $setElementOrder/env: [{name: x}], env: [{name: x}, {name: y, $patch: delete}],"
            + " securityContext: {$patch: delete}, tty: null}]}}",
        "{spec: {containers: [{name: a, env: [{name: x}], securityContext: {}}]}}");
  }

  /** What kubectl apply sends for a second replica set of labels and one changed variable. */
  @Test
  void nestedListsAreMergedTogether() {
    assertPatched(
        """
        spec:
          containers:
          - {name: a, env: [{name: X, value: '1'}, {name: Y, value: '2'}], image: i}
          - {name: side, image: s}
        """,
        """
        spec:
          $setElementOrder/containers: [{name: a}]
          containers:
          - name: a
            $setElementOrder/env: [{name: Y}, {name: Z}]
            env: [{name: X, $patch: delete}, {name: Z, value: '3'}]
        """,
        """
        spec:
          containers:
          - {name: a, env: [{name: Y, value: '2'}, {name: Z, value: '3'}], image: i}
          - {name: side, image: s}
        """);
  }

  @Test
  void itemsWithOneKeyAreNotLost() {
    String ports =
        "ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, protocol: TCP}]";
    assertPatched(
        "{spec: {containers: [{name: a, " + ports + "}]}}",
        "{spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}",
        "{spec: {containers: [{name: a, ports: [{containerPort: 80}, {containerPort: 53, protocol:"
            + " UDP}, {containerPort: 53, protocol: TCP}]}]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{spec: {containers: [{image: x}]}} | map: {\"image\":\"x\"} does not contain declared"
            + " merge key: name",
        "{spec: {$patch: frobnicate}} | unknown patch type \"frobnicate\"",
        "{spec: {containers: [{name: a, $patch: merge}]}} | a list's item cannot have $patch:"
            + " merge",
        "{spec: {$retainKeys: [a], hostname: b}} | field \"hostname\" is set but not among the"
            + " $retainKeys",
        "{spec: {$retainKeys: a}} | $retainKeys must be a list, not \"\\\"a\\\"\"",
        "{spec: {$setElementOrder/containers: [{name: b}], containers: [{name: a}]}} | the list's"
            + " items do not follow its $setElementOrder: \"a\""
      })
  void aMalformedPatchIsABadRequest(String patch, String why) {
    assertThatThrownBy(() ->
            patched(
                PatchType.STRATEGIC_MERGE,
                "v1/pods",
                "{spec: {containers: [{name: a}, {name: b}]}}",
                patch))
        .isInstanceOfSatisfying(
            ApiFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.BAD_REQUEST))
        .hasMessage("strategic merge patch: " + why);
  }

  private static void assertPatched(String object, String patch, String result) {
    assertThat(patched(PatchType.STRATEGIC_MERGE, "v1/pods", object, patch).toString())
        .isEqualTo(yaml(result).toString());
  }
}
