package dev.shiplog.api.table;

import static dev.shiplog.api.table.TableFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRowTest {

  private static final String ONE = "containers: [{name: a}]";
  private static final String WITH_INITS =
      "containers: [{name: a}], initContainers: [{name: x}, {name: y}]";
  private static final String WITH_SIDECAR =
      "containers: [{name: a}], initContainers: [{name: s, restartPolicy: Always}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{phase: Pending} | 0/1 | Pending",
        "{phase: Pending, conditions: [{type: PodScheduled, reason: SchedulingGated}]} | 0/1 |"
            + " SchedulingGated",
        "{phase: Failed, reason: Evicted} | 0/1 | Evicted",
        "{phase: Pending, containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]} |"
            + " 0/1 | ContainerCreating",
        "{phase: Running, containerStatuses: [{ready: true, state: {running: {}}}]} | 1/1 |"
            + " Running",
        "{phase: Running, containerStatuses: [{ready: false, state: {running: {}}}]} | 0/1 |"
            + " Running",
        "{phase: Running, containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}}]} |"
            + " 0/1 | CrashLoopBackOff",
        "{phase: Succeeded, containerStatuses: [{state: {terminated: {reason: Completed}}}]} | 0/1"
            + " | Completed",
        "{phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 3}}}]} | 0/1 |"
            + " ExitCode:3",
        "{phase: Failed, containerStatuses: [{state: {terminated: {signal: 9, exitCode: 137}}}]} |"
            + " 0/1 | Signal:9",
        "{phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: [{state:"
            + " {terminated: {reason: Completed}}}, {ready: true, state: {running: {}}}]} | 1/1 |"
            + " Running",
        "{phase: Running, containerStatuses: [{state: {terminated: {reason: Completed}}}, {ready:"
            + " true, state: {running: {}}}]} | 1/1 | NotReady"
      })
  void thePartsOfAPodMakeItsStatus(String status, String ready, String text) {
    assertThat(row("v1/pods", "{spec: {" + ONE + "}, status: " + status + "}").subList(1, 3))
        .containsExactly(ready, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: x, state: {running: {}}}] | Init:0/2",
        "[{name: x, state: {terminated: {exitCode: 0}}}, {name: y, state: {waiting: {reason:"
            + " PodInitializing}}}] | Init:1/2",
        "[{name: x, state: {terminated: {exitCode: 1, reason: Error}}}] | Init:Error",
        "[{name: x, state: {terminated: {exitCode: 1}}}] | Init:ExitCode:1",
        "[{name: x, state: {waiting: {reason: CrashLoopBackOff}}}] | Init:CrashLoopBackOff",
        "[{name: x, state: {terminated: {exitCode: 0}}}, {name: y, state: {terminated: {exitCode:"
            + " 0}}}] | Pending"
      })
  void initContainersHoldUpAPod(String statuses, String text) {
    String pod =
        "{spec: {%s}, status: {phase: Pending, initContainerStatuses: %s}}"
            .formatted(WITH_INITS, statuses);

    assertThat(row("v1/pods", pod).get(2)).isEqualTo(text);
  }

  @Test
  void aSidecarCountsAsAContainer() {
    String pod =
        """
        {spec: {%s}, status: {phase: Running,
          initContainerStatuses: [{name: s, started: true, ready: true, restartCount: 1, state: {running: {}}}],
          containerStatuses: [{ready: true, restartCount: 2, state: {running: {}}}]}}
        """
            .formatted(WITH_SIDECAR);

    assertThat(row("v1/pods", pod).subList(1, 4)).containsExactly("2/2", "Running", "3");
  }

  @ParameterizedTest
  @CsvSource({"Running, Terminating", "Succeeded, Succeeded", "Failed, Failed"})
  void aPodThatIsBeingDeletedTerminatesUnlessItIsThrough(String phase, String text) {
    String pod =
        "{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {%s}, status: {phase: %s}}"
            .formatted(ONE, phase);

    assertThat(row("v1/pods", pod).get(2)).isEqualTo(text);
  }

  @Test
  void theLastRestartIsDated() {
    String pod =
        """
        {spec: {%s}, status: {phase: Running, containerStatuses: [
          {ready: true, restartCount: 4, state: {running: {}},
           lastState: {terminated: {finishedAt: '2026-01-01T11:55:00Z'}}},
          {ready: true, restartCount: 1, state: {running: {}},
           lastState: {terminated: {finishedAt: '2026-01-01T11:00:00Z'}}}]}}
        """
            .formatted(ONE);

    assertThat(row("v1/pods", pod).get(3)).isEqualTo("5 (5m ago)");
  }

  @Test
  void theWideRowTellsWhereAPodIs() {
    String pod =
        """
        {metadata: {name: web, creationTimestamp: '2026-01-01T10:00:00Z'},
         spec: {%s, nodeName: node-1, readinessGates: [{conditionType: a/b}, {conditionType: c/d}]},
         status: {phase: Running, podIPs: [{ip: 10.0.0.1}], conditions: [{type: a/b, status: 'True'}]}}
        """
            .formatted(ONE);

    assertThat(row("v1/pods", pod))
        .containsExactly(
            "web", "0/1", "Running", "0", "120m", "10.0.0.1", "node-1", "<none>", "1/2");
  }
}
