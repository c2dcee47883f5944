package dev.shiplog.scheduler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.scheduler.testing.Objects;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import dev.shiplog.topics.catalogue.TopicNames;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.log.LogWriter;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.RecordHeaders;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OvercommitReplayTest {

  private static final TopicNames NAMES = new TopicNames("test");
  private static final StorageResource PODS = StorageResource.of("pods", "");
  private static final StorageResource NODES = StorageResource.of("nodes", "");

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private long revision;

  private void write(LogWriter writer, StorageResource resource, String key, String json) {
    byte[] at = Long.toString(++revision).getBytes(StandardCharsets.UTF_8);
    byte[] value = json == null ? null : Json.bytes(Objects.json(json));
    writer
        .append(
            Partition.only(NAMES.store(resource)),
            new LogRecord(
                key.getBytes(StandardCharsets.UTF_8), value, 0, Map.of(RecordHeaders.REVISION, at)))
        .join();
  }

  private static String node(String cpu) {
    return "{metadata: {name: 'n'}, status: {allocatable: {cpu: '%s', memory: '8Gi', pods: '9'}}}"
        .formatted(cpu);
  }

  private static String pod(String name, String node) {
    return """
    {metadata: {namespace: 'ns', name: '%1$s', uid: '%1$s'},
     spec: {nodeName: '%2$s', containers: [{resources: {requests: {cpu: '2'}}}]}}
    """
        .formatted(name, node);
  }

  /** The node's topic is read before that of the pods: what counts is the order of revisions. */
  @Test
  void topicsAreReplayedInTheOrderOfRevisions() {
    log.ensureTopics(new TopicCatalogue(NAMES, 1, 1).all(List.of(PODS, NODES)));
    try (LogWriter writer = log.openWriter()) {
      write(writer, NODES, "n", node("4"));
      write(writer, PODS, "ns/a", pod("a", ""));
      write(writer, PODS, "ns/a", pod("a", "n"));
      write(writer, NODES, "n", node("3"));
      write(writer, PODS, "ns/b", pod("b", "n"));
      write(writer, PODS, "ns/b", null);
      write(writer, NODES, "n", node("4"));
      write(writer, PODS, "ns/c", pod("c", "n"));
    }
    OvercommitChecker checker = new OvercommitReplay(log, NAMES).run();
    assertThat(checker.findings())
        .extracting(OvercommitChecker.Finding::toString)
        .containsExactly(
            "at revision 5 pod ns/b came to node n, which held too much then: cpu: 4000m of 3000m");
    assertThat(checker.arrivals()).isEqualTo(3);
    assertThat(checker.revision()).isEqualTo(8);
  }
}
