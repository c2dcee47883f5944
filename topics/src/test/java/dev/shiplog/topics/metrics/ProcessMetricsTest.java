package dev.shiplog.topics.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {

  private final ProcessMetrics metrics = ProcessMetrics.here();

  private String page(String accept) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(accept, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void metersAppearUnderTheNamesOfPrometheus() throws IOException {
    Counter.builder("test.page.things")
        .tag("kind", "odd")
        .register(metrics.registry())
        .increment(3);
    assertThat(page(null)).contains("test_page_things_total{kind=\"odd\"} 3.0\n");
  }

  @Test
  void thePageTellsOfTheJvmAndOfTheProcess() throws IOException {
    assertThat(page("text/plain"))
        .contains("jvm_memory_used_bytes{")
        .contains("jvm_threads_live_threads")
        .contains("process_cpu_seconds_total")
        .contains("process_start_time_seconds")
        .contains("process_resident_memory_bytes");
  }

  @Test
  void whoAsksForOpenMetricsGetsThat() throws IOException {
    String accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    assertThat(page(accept)).endsWith("# EOF\n");
    assertThat(metrics.write(accept, new ByteArrayOutputStream()))
        .startsWith("application/openmetrics-text");
    assertThat(page("text/plain")).doesNotContain("# EOF");
  }

  @Test
  void whatIsCountedOnlyForAPageIsCountedBeforeEach() throws IOException {
    AtomicInteger counted = new AtomicInteger();
    Runnable end = metrics.beforeEachPage(counted::incrementAndGet);
    page(null);
    page(null);
    end.run();
    page(null);
    assertThat(counted).hasValue(2);
  }

  @Test
  void ofTheManyMeasurementsOfKafkasClientsFewAreShown() throws IOException {
    Counter.builder("kafka.producer.record.error.total").register(metrics.registry()).increment();
    Counter.builder("kafka.producer.flush.time.ns.total").register(metrics.registry()).increment();
    assertThat(page(null))
        .contains("kafka_producer_record_error_total")
        .doesNotContain("kafka_producer_flush");
  }
}
