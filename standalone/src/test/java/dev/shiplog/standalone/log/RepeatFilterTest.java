package dev.shiplog.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {

  private final RepeatFilter filter = new RepeatFilter();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private LogRecord line(String message, Object... parameters) {
    LogRecord line = new LogRecord(Level.WARNING, message);
    line.setLoggerName("dev.shiplog.Some");
    line.setParameters(parameters);
    line.setInstant(now);
    return line;
  }

  private int writtenOf(int lines, String message) {
    int written = 0;
    for (int i = 0; i < lines; i++) {
      written += filter.isLoggable(line(message, i)) ? 1 : 0;
    }
    return written;
  }

  @Test
  void ofLinesThatSayTheSameTenAreWritten() {
    assertThat(writtenOf(100, "request %s failed")).isEqualTo(10);
  }

  @Test
  void otherLinesAreWrittenMeanwhile() {
    assertThat(writtenOf(100, "request %s failed")).isEqualTo(10);
    assertThat(writtenOf(3, "epoch %d: this server leads")).isEqualTo(3);
  }

  @Test
  void theNextLineAfterAGapSaysHowManyWereLeftOut() {
    assertThat(writtenOf(100, "request %s failed")).isEqualTo(10);
    now = now.plusSeconds(10);
    LogRecord next = line("request %s failed", 101);
    assertThat(filter.isLoggable(next)).isTrue();
    assertThat(next.getMessage()).isEqualTo("request %s failed (90 more like this were left out)");
    LogRecord second = line("request %s failed", 102);
    assertThat(filter.isLoggable(second)).isTrue();
    assertThat(second.getMessage()).isEqualTo("request %s failed");
  }
}
