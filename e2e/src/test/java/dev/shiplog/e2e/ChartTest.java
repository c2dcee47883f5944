package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real Helm makes of our chart, for some values; files hold what it made of it last. */
final class ChartTest {

  private static final Path CHART = Path.of("..", "helm", "shiplog");
  private static final Path CASES = Path.of("src", "test", "resources", "charts", "shiplog");

  @Test
  void itIsWellFormed() {
    LintResult result = chart().lint().strict().call();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  /** {@code -Ddocs.write=true} writes the files anew; read the difference. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "production", "nodes"})
  void itRendersAsTheFileSays(String values) throws IOException {
    Path file = CASES.resolve(values + ".golden.yaml");
    String rendered = rendered(values);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, rendered);
    }

    assertThat(rendered).isEqualTo(Files.readString(file));
  }

  @Test
  void everyContainerBesidesRealNodesIsUnprivileged() {
    assertThat(rendered("default"))
        .contains("readOnlyRootFilesystem: true")
        .contains("runAsNonRoot: true")
        .doesNotContain("privileged: true")
        .doesNotContain("hostNetwork");
  }

  @Test
  void withoutAKafkaItSaysWhatIsMissing() {
    assertThatThrownBy(() -> chart().template().withName("shiplog").call())
        .hasMessageContaining("kafka.bootstrapServers is needed");
  }

  @Test
  void aValueThatDoesNotExistIsRefused() {
    assertThatThrownBy(() ->
            chart().template().withValuesFile(values("default")).set("apiServer.replica", 3).call())
        .hasMessageContaining("replica");
  }

  private static String rendered(String values) {
    return chart()
        .template()
        .withName("shiplog")
        .withNamespace("control")
        .withValuesFile(values(values))
        .call();
  }

  private static Helm chart() {
    return new Helm(CHART.toAbsolutePath().normalize());
  }

  private static Path values(String name) {
    return CASES.resolve(name + ".values.yaml").toAbsolutePath();
  }
}
