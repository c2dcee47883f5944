package dev.shiplog.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class HostCommandTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static HostCommand.Result shell(String script) {
    return HostCommand.run(MINUTE, List.of("sh", "-c", script));
  }

  @Test
  void exitCodeAndOutputAreGivenBack() {
    assertThat(shell("echo out; echo err >&2; exit 3"))
        .isEqualTo(new HostCommand.Result(3, "out\n", "err\n"));
  }

  @Test
  void inputAndEnvironmentReachTheProgram() {
    HostCommand.Result result =
        HostCommand.run(
            MINUTE, List.of("sh", "-c", "cat; echo $NAME"), Map.of("NAME", "value"), "input\n");

    assertThat(result.output()).isEqualTo("input\nvalue\n");
  }

  @Test
  void aProgramThatDoesNotReadItsInputIsNoProblem() {
    assertThat(HostCommand.run(MINUTE, List.of("true"), Map.of(), "x".repeat(1 << 20)).exitCode())
        .isZero();
  }

  @Test
  void outputIsKeptUpToABound() {
    assertThat(shell("head -c 3000000 /dev/zero").output()).hasSize(1 << 20);
  }

  @Test
  void theLastWordsAreTheLastLineOfErrors() {
    assertThat(shell("echo out; echo one >&2; echo two >&2; exit 1").lastWords()).isEqualTo("two");
    assertThat(shell("echo out; exit 1").lastWords()).isEqualTo("out");
    assertThat(shell("exit 9").lastWords()).isEqualTo("exit code 9");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> HostCommand.run(MINUTE, List.of("/no/such/program")))
        .isInstanceOf(HostCommandException.class)
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void aProgramThatTakesTooLongIsEndedWithItsChildren() {
    String mark = "300." + ProcessHandle.current().pid();

    assertThatThrownBy(() ->
            HostCommand.run(
                Duration.ofMillis(200), List.of("sh", "-c", "sleep " + mark + "; true")))
        .isInstanceOf(HostCommandException.class)
        .hasMessageContaining("did not end within");

    await()
        .until(() ->
            ProcessHandle.allProcesses()
                .noneMatch(it -> it.info().commandLine().orElse("").endsWith(mark)));
  }

  @Test
  void anInterruptEndsTheProgram() throws Exception {
    var flag =
        new FutureTask<>(() -> {
          assertThatThrownBy(() -> shell("sleep 300")).isInstanceOf(HostCommandException.class);
          return Thread.currentThread().isInterrupted();
        });
    Thread caller = Thread.startVirtualThread(flag);
    await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);

    caller.interrupt();

    assertThat(flag.get()).isTrue();
  }
}
