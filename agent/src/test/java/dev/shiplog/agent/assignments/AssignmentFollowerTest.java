package dev.shiplog.agent.assignments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.catalogue.TopicSpec;
import dev.shiplog.topics.log.LogRecord;
import dev.shiplog.topics.record.AssignmentKey;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssignmentFollowerTest {

  private static final String TOPIC = "shiplog.assignments";
  private static final int PARTITIONS = 4;

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final InMemoryTopicLog connection = log.connect();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final Told east = new Told();
  private final Told west = new Told();
  private final AssignmentFollower follower =
      new AssignmentFollower(
          connection, TOPIC, PARTITIONS, Map.of("east", east, "west", west), faults);

  private dev.shiplog.topics.log.LogWriter writer;

  @BeforeEach
  void makeTopic() {
    log.ensureTopics(
        List.of(new TopicSpec(TOPIC, PARTITIONS, Map.of("cleanup.policy", "compact"))));
    writer = log.openWriter();
  }

  @AfterEach
  void close() {
    follower.close();
    faults.assertNone();
  }

  @Test
  void aNodeIsToldItsPodsOnceTheEndOfTheLogWasReached() {
    assign("east", "web", "uid-1");
    assign("east", "db", "uid-2");
    assign("west", "mail", "uid-3");
    assign("elsewhere", "other", "uid-4");

    follower.start();

    await().until(() -> !east.calls.isEmpty() && !west.calls.isEmpty());
    assertThat(east.calls).containsExactly("snapshot [db uid-2, web uid-1]");
    assertThat(west.calls).containsExactly("snapshot [mail uid-3]");
  }

  @Test
  void itHasCaughtUpWhenItHasToldOfAllThatThereWas() {
    assign("east", "web", "uid-1");
    connection.faults().cutOff();
    follower.start();
    assertThat(follower.hasCaughtUp()).isFalse();

    connection.faults().reconnect();

    await().until(follower::hasCaughtUp);
    assertThat(east.calls).containsExactly("snapshot [web uid-1]");
    assertThat(follower.isTurning()).isTrue();
  }

  @Test
  void aPodThatWasTombstonedIsNotInTheSnapshot() {
    assign("east", "web", "uid-1");
    remove("east", "web");

    follower.start();

    await().until(() -> !east.calls.isEmpty());
    assertThat(east.calls).containsExactly("snapshot []");
  }

  @Test
  void whatChangesAfterTheSnapshotIsToldInOrder() {
    follower.start();
    await().until(() -> !east.calls.isEmpty());

    assign("east", "web", "uid-1");
    remove("east", "web");
    assign("east", "web", "uid-2");

    await().until(() -> east.calls.size() == 4);
    assertThat(east.calls)
        .containsExactly(
            "snapshot []", "assigned web uid-1", "removed default/web", "assigned web uid-2");
  }

  @Test
  void aLogThatIsAwayForAWhileChangesNothing() {
    assign("east", "web", "uid-1");
    follower.start();
    await().until(() -> !east.calls.isEmpty());

    connection.faults().cutOff();
    assign("east", "db", "uid-2");
    connection.faults().reconnect();

    await().until(() -> east.calls.size() == 2);
    assertThat(east.calls).containsExactly("snapshot [web uid-1]", "assigned db uid-2");
  }

  @Test
  void aLogThatWasMadeAnewIsToldAsANewSnapshot() {
    assign("east", "web", "uid-1");
    assign("east", "db", "uid-2");
    follower.start();
    await().until(() -> !east.calls.isEmpty());

    connection.faults().pauseReads();
    log.deleteTopic(TOPIC);
    makeTopic();
    assign("east", "db", "uid-2");
    connection.faults().resumeReads();

    await().until(() -> east.calls.size() > 1);
    assertThat(east.calls).last().isEqualTo("snapshot [db uid-2]");
  }

  @Test
  void aPodThatCannotBeReadDoesNotHideTheOthers() {
    append("east", "broken", "{\"metadata\":[]}".getBytes(StandardCharsets.UTF_8));
    assign("east", "web", "uid-1");

    follower.start();

    await().until(() -> !east.calls.isEmpty());
    assertThat(east.calls).containsExactly("snapshot [web uid-1]");
  }

  private void assign(String node, String pod, String uid) {
    String json =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"default\",\"name\":\""
            + pod
            + "\",\"uid\":\""
            + uid
            + "\"},\"spec\":{\"containers\":[]}}";
    append(node, pod, json.getBytes(StandardCharsets.UTF_8));
  }

  private void remove(String node, String pod) {
    append(node, pod, null);
  }

  private void append(String node, String pod, byte[] value) {
    Partition partition = AssignmentKey.partitionOf(TOPIC, node, PARTITIONS);
    byte[] key = new AssignmentKey(node, "default", pod).text().getBytes(StandardCharsets.UTF_8);
    writer.append(partition, LogRecord.of(key, value, 0)).join();
  }

  private static final class Told implements AssignmentListener {

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void snapshot(Collection<Pod> pods) {
      calls.add("snapshot " + pods.stream().map(Told::text).sorted().toList());
    }

    @Override
    public void assigned(Pod pod) {
      calls.add("assigned " + text(pod));
    }

    @Override
    public void removed(String namespace, String name) {
      calls.add("removed " + namespace + "/" + name);
    }

    private static String text(Pod pod) {
      return pod.getMetadata().getName() + " " + pod.getMetadata().getUid();
    }
  }
}
