package dev.shiplog.streams.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Failed;
import dev.shiplog.streams.controllers.autoscaling.MetricSource.Found;
import dev.shiplog.streams.kit.KubernetesJson;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReaderMetricSourceTest {

  private static final MetricQuery QUERY =
      new MetricQuery.Resources(
          "ns", new LabelSelectorBuilder().addToMatchLabels("app", "web").build());

  private final List<String> paths = new ArrayList<>();
  private final Map<String, CompletableFuture<JsonNode>> answers = new HashMap<>();
  private final ReaderMetricSource source = new ReaderMetricSource(this::read);
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void anAnswerIsThereOnceItHasCome() {
    assertThat(source.ask(QUERY, now)).isEmpty();
    assertThat(source.ask(QUERY, now.plusSeconds(1))).isEmpty();
    answers.values().iterator().next().complete(KubernetesJson.object().put("kind", "List"));

    assertThat(source.ask(QUERY, now.plusSeconds(2)))
        .hasValueSatisfying(answer -> assertThat(answer).isInstanceOf(Found.class));
    assertThat(paths)
        .containsExactly("/apis/metrics.k8s.io/v1beta1/namespaces/ns/pods?labelSelector=app%3Dweb");
  }

  @Test
  void anOldAnswerIsAskedForAgain() {
    source.ask(QUERY, now);
    answers.values().iterator().next().complete(KubernetesJson.object());

    assertThat(source.ask(QUERY, now.plusSeconds(9))).isPresent();
    answers.clear();
    assertThat(source.ask(QUERY, now.plusSeconds(15))).isEmpty();
    assertThat(paths).hasSize(2);
  }

  @Test
  void aFailureIsAnAnswer() {
    source.ask(QUERY, now);
    answers.values().iterator().next().completeExceptionally(new IllegalStateException("gone"));

    assertThat(source.ask(QUERY, now)).hasValue(new Failed("gone"));
  }

  @Test
  void aScaleIsFoundByThePluralThatDiscoveryTells() {
    MetricQuery scale = new MetricQuery.ScaleOf("ns", "example.com/v1", "Farm", "acre");
    source.ask(scale, now);
    var list = KubernetesJson.object();
    list.withArray("/resources").addObject().put("name", "farms/scale").put("kind", "Farm");
    list.withArray("/resources").addObject().put("name", "farms").put("kind", "Farm");
    answers.get("/apis/example.com/v1").complete(list);
    answers
        .get("/apis/example.com/v1/namespaces/ns/farms/acre/scale")
        .complete(KubernetesJson.object());

    assertThat(source.ask(scale, now))
        .hasValueSatisfying(answer ->
            assertThat(((Found) answer).document().path("plural").asText()).isEqualTo("farms"));
  }

  private CompletableFuture<JsonNode> read(String path) {
    paths.add(path);
    return answers.computeIfAbsent(path, p -> new CompletableFuture<>());
  }
}
