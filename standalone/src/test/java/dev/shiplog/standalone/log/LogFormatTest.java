package dev.shiplog.standalone.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.trace.LogScope;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class LogFormatTest {

  private static ExtLogRecord line() {
    ExtLogRecord line =
        new ExtLogRecord(
            Level.ERROR,
            "request %s failed",
            ExtLogRecord.FormatStyle.PRINTF,
            LogFormatTest.class.getName());
    line.setParameters(new Object[] {"7f"});
    line.setLoggerName("dev.shiplog.Some");
    line.setThrown(new IllegalStateException("two\nlines"));
    return line;
  }

  @Test
  void jsonIsOneObjectOnOneLineWithTheStackInIt() {
    String written = LogFormat.JSON.formatter().format(line());

    assertThat(written.strip()).doesNotContain("\n");
    JsonNode object = Json.read(written.getBytes(UTF_8), JsonNode.class);
    assertThat(object.path("message").asText()).isEqualTo("request 7f failed");
    assertThat(object.path("loggerName").asText()).isEqualTo("dev.shiplog.Some");
    assertThat(object.path("level").asText()).isEqualTo("ERROR");
    assertThat(object.at("/exception/exceptionType").asText())
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void aLineAboutARequestCarriesItsAuditIdAndItsTraceId() {
    String written;
    String step = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (var _ = LogScope.of("audit-1", step)) {
      written = LogFormat.JSON.formatter().format(line());
    }
    String after = LogFormat.JSON.formatter().format(line());

    JsonNode about = Json.read(written.getBytes(UTF_8), JsonNode.class).path("mdc");
    assertThat(about.path("auditId").asText()).isEqualTo("audit-1");
    assertThat(about.path("traceId").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(after).doesNotContain("auditId", "traceId");
  }

  @Test
  void textHasTheStackBelowTheLine() {
    assertThat(LogFormat.TEXT.formatter().format(line()))
        .contains("ERROR", "request 7f failed")
        .contains("\tat dev.shiplog.standalone.log.LogFormatTest");
  }
}
