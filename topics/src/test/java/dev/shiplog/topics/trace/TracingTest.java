package dev.shiplog.topics.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where tracing is off, as it is unless a collector is named. */
class TracingTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void noTraceBeginsHere() {
    assertThat(Tracing.here().isOn()).isFalse();
    assertThat(Tracing.here().begin("a", SpanKind.SERVER, null)).isSameAs(Step.NONE);
    assertThat(Step.NONE.traceparent()).isNull();
  }

  @Test
  void aTraceThatBeganElsewhereIsHandedOnAsItIs() {
    try (Step step = Tracing.here().follow("a", SpanKind.CONSUMER, PARENT)) {
      assertThat(step.traceparent()).isEqualTo(PARENT);
    }
  }

  @Test
  void aThreadTellsTheStepItWorksOnAsLongAsItDoes() {
    Step step = Tracing.here().follow("a", SpanKind.CONSUMER, PARENT);
    try (Scope _ = step.onThisThread()) {
      assertThat(Tracing.current()).isEqualTo(PARENT);
    }
    assertThat(Tracing.current()).isNull();
  }

  @Test
  void theIdIsThatOfTheTrace() {
    assertThat(Tracing.idOf(PARENT)).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(Tracing.idOf(null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
      })
  void whatIsNoTraceparentIsNoTrace(String text) {
    assertThat(Tracing.isValid(text)).isFalse();
    assertThat(Tracing.idOf(text)).isNull();
  }
}
