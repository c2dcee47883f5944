package dev.shiplog.standalone.tracing;

import dev.shiplog.standalone.StartFailure;
import dev.shiplog.topics.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends what this process tells of traces to a collector, by OTLP over HTTP, until it is closed.
 * What the collector does not take in time is lost; nobody waits for it.
 */
public final class TraceExport implements AutoCloseable {

  private static final String PATH = "/v1/traces";
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST_WAITING = 16_384;
  private static final int MOST_TOGETHER = 2_048;

  private final SdkTracerProvider sdk;

  private TraceExport(SdkTracerProvider sdk) {
    this.sdk = sdk;
  }

  /**
   * Switches tracing on, if there is a collector.
   *
   * @param endpoint its URL; without a path, that of OTLP is meant
   * @param sampling which part of the traces that begin here are told, from 0 to 1
   * @param service what the process calls itself
   * @throws StartFailure if one of them makes no sense
   */
  public static TraceExport start(Optional<String> endpoint, double sampling, String service) {
    if (endpoint.isEmpty()) {
      return new TraceExport(null);
    }
    if (!(sampling >= 0 && sampling <= 1)) {
      throw new StartFailure("traces are sampled from 0 to 1, not " + sampling);
    }
    SdkTracerProvider sdk =
        SdkTracerProvider.builder()
            .setResource(resource(service))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampling)))
            .addSpanProcessor(sendingTo(url(endpoint.get())))
            .build();
    Tracing.tellTo(sdk);
    return new TraceExport(sdk);
  }

  private static Resource resource(String service) {
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.of(
                    AttributeKey.stringKey("service.name"),
                    service,
                    AttributeKey.stringKey("service.instance.id"),
                    Long.toString(ProcessHandle.current().pid()))));
  }

  private static BatchSpanProcessor sendingTo(String url) {
    return BatchSpanProcessor.builder(
            OtlpHttpSpanExporter.builder().setEndpoint(url).setTimeout(TIMEOUT).build())
        .setScheduleDelay(EVERY)
        .setMaxQueueSize(MOST_WAITING)
        .setMaxExportBatchSize(MOST_TOGETHER)
        .build();
  }

  private static String url(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
        boolean bare = uri.getPath().isEmpty() || uri.getPath().equals("/");
        return bare ? uri.resolve(PATH).toString() : endpoint;
      }
    } catch (IllegalArgumentException malformed) {
      // Said below.
    }
    throw new StartFailure(
        "traces go to an http or https URL such as http://localhost:4318, not to " + endpoint);
  }

  /** Switches it off again, and sends what waits. */
  @Override
  public void close() {
    if (sdk != null) {
      Tracing.tellNobody();
      sdk.shutdown().join(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
