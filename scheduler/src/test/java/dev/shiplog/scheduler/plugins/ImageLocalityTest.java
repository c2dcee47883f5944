package dev.shiplog.scheduler.plugins;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.cycle.Explainer;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ImageLocalityTest {

  private static final long MB = 1 << 20;

  private final Cluster cluster = new Cluster();

  private void nodeWith(String name, String image, long bytes) {
    cluster.putNode(
        node(name, "{status: {images: [{names: ['%s'], sizeBytes: %d}]}}".formatted(image, bytes)));
  }

  private Map<String, Long> scores(Pod pod) {
    ImageLocality plugin = new ImageLocality();
    Profile profile =
        new Profile(
            "s", List.of(), List.of(), List.of(), List.of(new Weighted<>(plugin, 1)), false);
    Map<String, Long> scores = new TreeMap<>();
    new Explainer(profile, cluster)
        .explain(pod)
        .nodes()
        .forEach(node -> scores.put(node.name(), node.total()));
    return scores;
  }

  private static Pod running(String image) {
    return pod("p", "{containers: [{image: '%s'}]}".formatted(image));
  }

  @Test
  void aNodeThatHasTheImageScoresByItsSizeAndByHowManyHaveIt() {
    nodeWith("with", "app:latest", 523 * MB);
    cluster.putNode(node("without"));
    // Half the nodes have it: 261.5 MB of 23 to 1000 MB.
    assertThat(scores(running("app"))).isEqualTo(Map.of("with", 24L, "without", 0L));
    nodeWith("without", "app:latest", 523 * MB);
    assertThat(scores(running("app"))).isEqualTo(Map.of("with", 51L, "without", 51L));
  }

  @Test
  void aSmallImageDoesNotMatterAndALargeOneCountsAtMostAGigabyte() {
    nodeWith("small", "small:1", 20 * MB);
    nodeWith("large", "large:1", 9_000 * MB);
    assertThat(scores(running("small:1")).get("small")).isZero();
    assertThat(scores(running("large:1")).get("large")).isEqualTo(100);
  }

  @Test
  void anImageThatIsGoneFromItsNodeIsForgotten() {
    nodeWith("n", "app:1", 500 * MB);
    cluster.putNode(node("n"));
    assertThat(cluster.copiesOf("app:1")).isNull();
    nodeWith("n", "app:1", 500 * MB);
    cluster.removeNode("n");
    assertThat(cluster.copiesOf("app:1")).isNull();
  }

  @Test
  void imagesThatNoNodeHasAreNotScored() {
    cluster.putNode(node("n"));
    assertThat(scores(running("app"))).isEqualTo(Map.of("n", 0L));
  }
}
