package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.tracing.TraceExport;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where traces go. */
final class TracingOptions {

  @Option(
      names = "--tracing",
      paramLabel = "URL",
      defaultValue = "${env:SHIPLOG_TRACING_ENDPOINT:-}",
      description = {
        "Tell a collector at this URL, by OTLP over HTTP, what follows from each change.",
        "Default: $SHIPLOG_TRACING_ENDPOINT, else nobody"
      })
  private String endpoint;

  @Option(
      names = "--tracing-sampling",
      paramLabel = "PART",
      defaultValue = "${env:SHIPLOG_TRACING_SAMPLING:-1}",
      description = "Of which part of the changes, from 0 to 1. Default: all")
  private double sampling;

  /** Begins to, until that is closed. */
  TraceExport start() {
    return TraceExport.start(
        Optional.ofNullable(endpoint).filter(url -> !url.isEmpty()), sampling, "shiplog");
  }
}
