package dev.shiplog.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.runtime.NoSuchContainerException;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.runtime.RuntimeUnavailableException;
import io.grpc.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

final class CriErrorsTest {

  private static PodRuntimeException judge(Status.Code code, String text) {
    return CriErrors.judge(code.toStatus().withDescription(text).asRuntimeException());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "ABORTED", "INTERNAL", "DATA_LOSS"})
  void whereTheOutcomeIsUnknownTheRuntimeIsUnavailable(Status.Code code) {
    assertThat(judge(code, "why")).isInstanceOf(RuntimeUnavailableException.class);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "CANCELLED",
        "ABORTED",
        "INTERNAL",
        "DATA_LOSS",
        "NOT_FOUND"
      })
  void everythingElseIsARefusal(Status.Code code) {
    assertThat(judge(code, "why")).isInstanceOf(RuntimeRefusedException.class).hasMessage("why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed to resolve image \"x\": not found", "image x: not found"})
  void aMissingImageIsARefusal(String text) {
    assertThat(judge(Status.Code.NOT_FOUND, text)).isInstanceOf(RuntimeRefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"container \"x\": not found", "sandbox x: not found"})
  void anythingElseThatIsMissingIsASandboxOrContainer(String text) {
    assertThat(judge(Status.Code.NOT_FOUND, text)).isInstanceOf(NoSuchContainerException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop: context deadline exceeded", "run: context canceled"})
  void aTimeOutInsideTheRuntimeLeavesTheOutcomeUnknown(String text) {
    assertThat(judge(Status.Code.UNKNOWN, text)).isInstanceOf(RuntimeUnavailableException.class);
  }
}
