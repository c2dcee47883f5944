package dev.shiplog.topics.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {

  private static final TopicNames NAMES = new TopicNames("shiplog");
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource DEPLOYMENTS = StorageResource.of("deployments", "apps");

  private final TopicCatalogue single = new TopicCatalogue(NAMES, 1, 32);
  private final TopicCatalogue replicated = new TopicCatalogue(NAMES, 3, 32);

  @Test
  void namesEveryTopicOfACluster() {
    assertThat(single.all(List.of(PODS, DEPLOYMENTS, PODS)))
        .extracting(TopicSpec::name)
        .containsExactlyInAnyOrder(
            "shiplog.journal",
            "shiplog.checkpoint",
            "shiplog.assignments",
            "shiplog.audit",
            "shiplog.commands",
            "shiplog.outcomes",
            "shiplog.store.pods",
            "shiplog.store.deployments.apps");
  }

  @Test
  void kafkaNeverDropsAnythingOfTheJournal() {
    assertThat(single.journal().settings())
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "-1")
        .containsEntry("retention.bytes", "-1");
  }

  @Test
  void withoutReplicasWhatIsAcknowledgedIsOnTheDisk() {
    assertThat(single.journal().settings()).containsEntry("flush.messages", "1");
    assertThat(single.commands().settings()).containsEntry("flush.messages", "1");
    assertThat(replicated.journal().settings()).doesNotContainKey("flush.messages");
    assertThat(replicated.commands().settings()).doesNotContainKey("flush.messages");
  }

  @Test
  void withReplicasOneBrokerMayBeMissing() {
    assertThat(replicated.all(List.of(PODS)))
        .allSatisfy(topic -> {
          assertThat(topic.replicationFactor()).isEqualTo(3);
          assertThat(topic.settings())
              .containsEntry("min.insync.replicas", "2")
              .containsEntry("unclean.leader.election.enable", "false");
        });
    assertThat(single.journal().settings()).containsEntry("min.insync.replicas", "1");
  }

  @Test
  void stateIsCompactedAndEventsExpire() {
    assertThat(policies())
        .containsEntry("shiplog.store.pods", "compact")
        .containsEntry("shiplog.assignments", "compact")
        .containsEntry("shiplog.checkpoint", "compact")
        .containsEntry("shiplog.audit", "delete")
        .containsEntry("shiplog.commands", "delete")
        .containsEntry("shiplog.outcomes", "delete");
    assertThat(single.commands().settings()).containsEntry("retention.ms", "86400000");
  }

  @Test
  void auditIsKeptAsLongAsTheOperatorSays() {
    TopicCatalogue month = new TopicCatalogue(NAMES, 1, 32, Duration.ofDays(30));

    assertThat(month.audit().settings()).containsEntry("retention.ms", "2592000000");
    assertThat(single.audit().settings()).containsEntry("retention.ms", "7776000000");
  }

  @Test
  void everyTopicButTheCheckpointTakesTheLargestRecord() {
    assertThat(single.all(List.of(PODS)))
        .filteredOn(topic -> !topic.name().equals("shiplog.checkpoint"))
        .allSatisfy(topic ->
            assertThat(Integer.parseInt(topic.settings().get("max.message.bytes")))
                .isEqualTo(TopicCatalogue.MAX_RECORD_BYTES)
                .isLessThan(Integer.parseInt(topic.settings().get("segment.bytes"))));
  }

  @Test
  void onlyAssignmentsHaveSeveralPartitions() {
    assertThat(single.all(List.of(PODS)))
        .filteredOn(topic -> topic.partitions() > 1)
        .singleElement()
        .isEqualTo(single.assignments());
  }

  private Map<String, String> policies() {
    return single.all(List.of(PODS)).stream()
        .collect(
            Collectors.toMap(TopicSpec::name, topic -> topic.settings().get("cleanup.policy")));
  }
}
