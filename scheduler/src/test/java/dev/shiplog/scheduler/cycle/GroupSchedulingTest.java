package dev.shiplog.scheduler.cycle;

import static dev.shiplog.scheduler.testing.Objects.node;
import static dev.shiplog.scheduler.testing.Objects.pod;
import static dev.shiplog.scheduler.testing.Objects.podOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.scheduler.model.Pod;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.topics.journal.CommandResult;
import org.junit.jupiter.api.Test;

/** Nodes have 4 cores; pods of group g need three of their kind and get room after 60 s. */
class GroupSchedulingTest {

  private final RecordingOutbox outbox = new RecordingOutbox();
  private final Scheduler scheduler = new Scheduler(DefaultProfile.create(), () -> 0, outbox);
  private int revision = 1;

  private Pod member(String name, String spec) {
    return podOf(
        name,
        """
        {metadata: {resourceVersion: '%d', labels: {'scheduler.shiplog.dev/pod-group': 'g'},
           annotations: {'scheduler.shiplog.dev/pod-group-min': '3'}},
         spec: {%s containers: [{resources: {requests: {cpu: '3'}}}]}}
        """
            .formatted(++revision, spec));
  }

  private void put(Pod pod, long nowMs) {
    scheduler.putPod(pod, nowMs);
  }

  private void nodes(String... names) {
    for (String name : names) {
      scheduler.putNode(node(name), 0);
    }
  }

  private Pod single(String name, String cpu) {
    return pod(name, cpu, "1Gi");
  }

  private void refuse(String command, long nowMs) {
    scheduler.decided(
        command, new CommandResult(409, "Conflict", "one is gone", "pods", revision), nowMs);
  }

  @Test
  void aGroupIsBoundByOneCommandForAllOrNone() {
    nodes("n1", "n2", "n3");
    put(member("a", ""), 0);
    put(member("b", ""), 0);
    scheduler.run(9, 0);
    assertThat(outbox.binds).isEmpty();
    put(member("c", ""), 10);
    scheduler.run(9, 10);
    assertThat(outbox.commands).containsExactly("all or none: a->n1, b->n2, c->n3");
  }

  @Test
  void aGroupThatDoesNotFitTakesNothing() {
    nodes("n1", "n2");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    put(single("other", "3"), 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("other->n1");
    assertThat(outbox.told)
        .filteredOn(told -> told.startsWith("c "))
        .last()
        .asString()
        .isEqualTo(
            "c Unschedulable: pod group \"g\": 2 of the 3 pods it still needs find a node. "
                + "0/2 nodes are available: 2 Insufficient cpu.");
  }

  @Test
  void aGroupIsTriedAgainAsAWholeWhenAChangeHelpsOneOfIt() {
    nodes("n1", "n2");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    scheduler.putNode(node("n3"), 20_000);
    scheduler.run(9, 20_000);
    assertThat(outbox.commands).hasSize(1);
    assertThat(outbox.commands.getFirst())
        .startsWith("all or none: ")
        .contains("a->", "b->", "c->");
  }

  @Test
  void ofALargerGroupThoseThatFitAreBoundAndTheOthersWait() {
    nodes("n1", "n2", "n3");
    for (String name : new String[] {"a", "b", "c", "d"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("all or none: a->n1, b->n2, c->n3");
    assertThat(outbox.told)
        .last()
        .asString()
        .startsWith("d Unschedulable: 0/3 nodes are available");
  }

  @Test
  void onceEnoughAreBoundAnotherIsScheduledByItself() {
    nodes("n1", "n2", "n3", "n4");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, "nodeName: 'n" + (name.charAt(0) - 'a' + 1) + "',"), 0);
    }
    put(member("d", ""), 0);
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("d->n4");
  }

  @Test
  void aPodThatComesWhileItsGroupIsBeingBoundWaitsForThat() {
    nodes("n1", "n2", "n3", "n4");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    put(member("d", ""), 10);
    scheduler.run(9, 10);
    assertThat(outbox.commands).hasSize(1);
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, "nodeName: 'n" + (name.charAt(0) - 'a' + 1) + "',"), 2_000);
    }
    scheduler.run(9, 2_000);
    assertThat(outbox.commands).hasSize(2).last().isEqualTo("d->n4");
  }

  @Test
  void aRefusedGroupIsTriedAgainAsAWhole() {
    nodes("n1", "n2", "n3");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    refuse("0", 10);
    scheduler.run(9, 2_000);
    assertThat(outbox.commands)
        .containsExactly("all or none: a->n1, b->n2, c->n3", "all or none: a->n1, b->n2, c->n3");
  }

  @Test
  void twoGroupsThatDoNotFitTogetherNeverHoldHalfEach() {
    nodes("n1", "n2", "n3", "n4");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
      put(
          podOf(
              "x" + name,
              """
              {metadata: {labels: {'scheduler.shiplog.dev/pod-group': 'x'},
                 annotations: {'scheduler.shiplog.dev/pod-group-min': '3'}},
               spec: {containers: [{resources: {requests: {cpu: '3'}}}]}}
              """),
          0);
    }
    scheduler.run(9, 0);
    assertThat(outbox.commands).containsExactly("all or none: a->n1, b->n2, c->n3");
  }

  /** Time and again a pod ends and another one comes: without a hold the group would never fit. */
  @Test
  void aGroupThatHasWaitedLongEnoughGetsRoomBeforeSinglePodsThatComeLater() {
    nodes("n1", "n2", "n3");
    for (int i = 1; i <= 3; i++) {
      put(podOf("s" + i, bound("n" + i)), 0);
    }
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    long now = 0;
    for (int i = 1; i <= 3; i++) {
      now = 50_000L + 20_000L * i;
      scheduler.run(9, now);
      scheduler.removePod("default/s" + i, ++revision, now);
      scheduler.run(9, now);
      put(single("late" + i, "3"), now + 1);
      scheduler.run(9, now + 1);
    }
    assertThat(outbox.commands)
        .singleElement()
        .asString()
        .startsWith("all or none: ")
        .contains("a->", "b->", "c->");
  }

  private static String bound(String node) {
    return "{spec: {nodeName: '%s', containers: [{resources: {requests: {cpu: '3'}}}]}}"
        .formatted(node);
  }

  @Test
  void aHoldEndsAfterAWhileSoThatOthersGoOn() {
    nodes("n1", "n2");
    for (String name : new String[] {"a", "b", "c"}) {
      put(member(name, ""), 0);
    }
    scheduler.run(9, 0);
    scheduler.putNode(node("n2", "{metadata: {labels: {x: 'y'}}}"), 61_000);
    scheduler.run(9, 61_000);
    put(single("other", "3"), 62_000);
    scheduler.run(9, 62_000);
    assertThat(outbox.commands).isEmpty();
    scheduler.run(9, 62_000 + GroupHold.LONGEST_HOLD_MS);
    assertThat(outbox.commands).containsExactly("other->n1");
  }

  @Test
  void aGroupThatDoesNotSayHowManyAreEnoughIsNotUnderstood() {
    assertThatThrownBy(
            () -> podOf("a", "{metadata: {labels: {'scheduler.shiplog.dev/pod-group': 'g'}}}"))
        .hasMessage(
            "the annotation scheduler.shiplog.dev/pod-group-min of a pod in a group must be a"
                + " number from 1 on, not ''");
  }
}
