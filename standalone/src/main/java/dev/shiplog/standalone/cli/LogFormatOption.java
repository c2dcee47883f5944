package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.log.LogFormat;
import picocli.CommandLine.Option;

/** How the log file is written. */
final class LogFormatOption {

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "${env:SHIPLOG_LOG_FORMAT:-text}",
      description = {
        "How the log is written: text, or json with one object on each line.",
        "Default: $SHIPLOG_LOG_FORMAT, else text"
      })
  private LogFormat format;

  LogFormat format() {
    return format;
  }
}
