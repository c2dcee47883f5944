package dev.shiplog.streams.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class StreamFailuresTest {

  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private long nanoTime;
  private final StreamFailures failures =
      new StreamFailures("controllers", new TopicNames("test"), faults, () -> nanoTime);

  @Test
  void aFailedThreadIsReplaced() {
    assertThat(failures.handle(new IllegalStateException()))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    faults.assertNone();
  }

  @Test
  void aThreadThatFailsAgainAndAgainIsAFault() {
    for (int i = 0; i < 4; i++) {
      failures.handle(new IllegalStateException());
    }

    assertThat(failures.handle(new IllegalStateException()))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(faults.faults()).hasSize(1);
  }

  @Test
  void failuresFarApartAreNot() {
    for (int i = 0; i < 100; i++) {
      nanoTime += Duration.ofSeconds(20).toNanos();
      failures.handle(new IllegalStateException());
    }

    faults.assertNone();
  }

  @Test
  void kafkaMayBeOutOfReachForAnyTime() {
    for (int i = 0; i < 100; i++) {
      assertThat(failures.handle(new StreamsException(new TimeoutException())))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }

    faults.assertNone();
  }

  @Test
  void aRecordThatCannotBeReadIsAFaultAtOnce() {
    Exception unreadable = new UncheckedIOException(new IOException("not JSON"));

    assertThat(failures.handle(new StreamsException(unreadable)))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(faults.faults()).hasSize(1);
  }
}
