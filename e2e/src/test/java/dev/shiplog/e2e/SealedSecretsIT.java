package dev.shiplog.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With a key file, no topic of a whole cluster has the values of Secrets, before or after a new
 * key.
 */
final class SealedSecretsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STORE = "shiplog.store.secrets";
  private static final List<String> CANARIES =
      List.of("canary-made-61", "canary-patched-62", "canary-gone-63", "canarytokensec64");

  @TempDir private Path directory;

  @Test
  void valuesAreSealedInEveryTopicAndGoOverToANewKey() throws Exception {
    Path keys = directory.resolve("keys");
    try (Product product =
        Product.on(
            directory.resolve("data"),
            "--runtime",
            "simulated",
            "--encryption-key-file",
            keys.toString())) {
      newKey(product, keys, "first");
      product.up();
      Kubectl kubectl = product.kubectl();
      kubectl.ok("create secret generic kept --from-literal=made=canary-made-61");
      kubectl.ok("patch secret kept -p {\"stringData\":{\"patched\":\"canary-patched-62\"}}");
      kubectl.ok("create secret generic gone --from-literal=a=canary-gone-63");
      kubectl.ok("delete secret gone");
      tokensAreLookedAfter(kubectl);
      awaitKey(product, "first");
      assertThat(value(kubectl, "made")).isEqualTo("canary-made-61");

      newKey(product, keys, "second");
      product.down();
      product.up();
      assertThat(value(kubectl, "patched")).isEqualTo("canary-patched-62");
      assertThat(product.run(List.of("keys", "rewrite"), Duration.ofMinutes(1)).succeeded().out())
          .contains("secrets");
      awaitKey(product, "second");

      assertThat(value(kubectl, "made")).isEqualTo("canary-made-61");
      assertNoTopicHasACanary(product);
    }
  }

  /** What only somebody can do who reads bootstrap tokens. */
  private static void tokensAreLookedAfter(Kubectl kubectl) {
    kubectl.ok("-n kube-public create configmap cluster-info --from-literal=kubeconfig=here");
    String token =
        "-n kube-system create secret generic bootstrap-token-%1$s"
            + " --type=bootstrap.kubernetes.io/token --from-literal=token-id=%1$s"
            + " --from-literal=token-secret=canarytokensec64"
            + " --from-literal=usage-bootstrap-signing=true --from-literal=expiration=%2$s";
    kubectl.ok(token.formatted("signer", "2999-01-01T00:00:00Z"));
    kubectl.ok(token.formatted("ending", "2001-01-01T00:00:00Z"));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(kubectl.ok("-n kube-public get configmap cluster-info -o json"))
              .contains("jws-kubeconfig-signer")
              .doesNotContain("jws-kubeconfig-ending");
          assertThat(kubectl.ok("-n kube-system get secrets -o name"))
              .contains("bootstrap-token-signer")
              .doesNotContain("bootstrap-token-ending");
        });
  }

  private static void newKey(Product product, Path keys, String name) {
    product.run(List.of("keys", "new", keys.toString(), name), Duration.ofMinutes(1)).succeeded();
  }

  private static String value(Kubectl kubectl, String key) {
    return new String(
        Base64.getDecoder().decode(kubectl.ok("get secret kept -o jsonpath={.data." + key + "}")),
        UTF_8);
  }

  /** Who has no key sees whose Secret it is, and what it was sealed with. */
  private static void awaitKey(Product product, String key) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          List<ConsumerRecord<String, String>> kept =
              new TopicReader(product.kafka())
                  .all(STORE).stream()
                      .filter(record -> record.key().equals("default/kept"))
                      .toList();
          JsonNode newest = JSON.readTree(kept.getLast().value());
          assertThat(newest.at("/sealed/key").asText()).isEqualTo(key);
          assertThat(newest.at("/metadata/name").asText()).isEqualTo("kept");
          assertThat(newest.has("data")).isFalse();
          assertThat(newest.properties().stream().map(Map.Entry::getKey))
              .containsExactlyInAnyOrder("kind", "apiVersion", "metadata", "sealed");
        });
  }

  private static void assertNoTopicHasACanary(Product product) {
    TopicReader reader = new TopicReader(product.kafka());
    Set<String> telling = new HashSet<>();
    for (String topic : reader.topics()) {
      for (ConsumerRecord<String, String> record : reader.all(topic)) {
        String text = record.key() + record.value() + record.headers();
        if (text.contains("\"kept\"") || text.contains("default/kept")) {
          telling.add(topic);
        }
        for (String canary : CANARIES) {
          String encoded = Base64.getEncoder().encodeToString(canary.getBytes(UTF_8));
          assertThat(text.contains(canary) || text.contains(encoded))
              .as("%s in %s at offset %d", canary, topic, record.offset())
              .isFalse();
        }
      }
    }
    // It was looked for where it would have been.
    assertThat(telling).contains("shiplog.journal", STORE, "shiplog.audit");
  }
}
