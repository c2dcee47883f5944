package dev.shiplog.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.cluster.ClusterUnavailableException;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigSourceTest {

  private final ManualTimers timers = new ManualTimers(Instant.parse("2026-01-01T00:00:00Z"));
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final ConfigSource source = new ConfigSource(cluster, timers);

  @Test
  void aConfigMapIsNoOlderThanASecond() {
    put("settings", "old");
    assertThat(value("settings")).contains("old");

    put("settings", "new");
    timers.advance(Duration.ofSeconds(1));

    assertThat(value("settings")).contains("new");
  }

  @Test
  void aConfigMapIsNoOlderThanASecondWhenTheClockIsSetBack() {
    put("settings", "old");
    assertThat(value("settings")).contains("old");

    put("settings", "new");
    timers.setClock(Duration.ofHours(-1));
    timers.advance(Duration.ofSeconds(1));

    assertThat(value("settings")).contains("new");
  }

  @Test
  void theClustersCertificatesAreReadOnceAMinute() {
    put("kube-root-ca.crt", "old");
    assertThat(value("kube-root-ca.crt")).contains("old");

    put("kube-root-ca.crt", "new");
    timers.advance(Duration.ofSeconds(59));
    assertThat(value("kube-root-ca.crt")).contains("old");
    timers.advance(Duration.ofSeconds(1));

    assertThat(value("kube-root-ca.crt")).contains("new");
  }

  @Test
  void whatIsMissingIsAskedForEveryTime() {
    assertThat(value("kube-root-ca.crt")).isEmpty();

    put("kube-root-ca.crt", "here");

    assertThat(value("kube-root-ca.crt")).contains("here");
  }

  @Test
  void manyThatAskAtOnceShareOneRequest() throws Exception {
    put("settings", "v");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Optional<String>>> pods =
          Stream.generate(() -> (Callable<Optional<String>>) () -> value("settings"))
              .limit(50)
              .toList();
      for (Future<Optional<String>> answer : threads.invokeAll(pods)) {
        assertThat(answer.get()).contains("v");
      }
    }
    assertThat(cluster.configMapReads()).isEqualTo(1);
  }

  @Test
  void aRequestThatFailedIsNotKept() {
    put("settings", "v");
    cluster.cutOff();
    assertThatThrownBy(() -> value("settings")).isInstanceOf(ClusterUnavailableException.class);

    cluster.reconnect();

    assertThat(value("settings")).contains("v");
  }

  private Optional<String> value(String name) {
    return source.configMap("default", name).map(ConfigMap::getData).map(data -> data.get("k"));
  }

  private void put(String name, String value) {
    cluster.put(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .withData(Map.of("k", value))
            .build());
  }
}
