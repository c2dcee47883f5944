package dev.shiplog.api.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.store.ChangeLog.Excerpt;
import dev.shiplog.api.store.RecordedChange;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.WatchEvent;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Change;
import dev.shiplog.topics.journal.SealedValue;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.seal.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Another server decides who may see a change, and has not said yet. */
class PendingSightTest {

  private static final ResourceType CHANGES =
      ResourceCatalogue.builtIn().find("shiplog.dev", "v1", "changes").orElseThrow();

  private final Set<String> answered = new HashSet<>();
  private final Deque<Runnable> asked = new ArrayDeque<>();
  private final Sight sight = new Sight(new Slow(), UserInfo.of("jane"));

  /** Asks about each object once, and refuses those whose names end with 1. */
  private final class Slow implements Authorizer {
    @Override
    public Decision authorize(UserInfo user, Attributes attributes) {
      if (answered.contains(attributes.name())) {
        return attributes.name().endsWith("1") ? Decision.deny("") : Decision.allow("");
      }
      CompletableFuture<Void> answer = new CompletableFuture<>();
      asked.add(() -> {
        answered.add(attributes.name());
        answer.complete(null);
      });
      throw new PendingAnswer(answer);
    }
  }

  private static List<RecordedChange> changes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i ->
            new RecordedChange(
                new Change(
                    StorageResource.of("configmaps", ""),
                    "default/map-" + i,
                    i,
                    null,
                    new SealedValue(
                        SealedValue.PLAIN,
                        "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"default\",\"name\":\"map-%d\",\"resourceVersion\":\"%d\"}}"
                            .formatted(i, i)
                            .getBytes(StandardCharsets.UTF_8))),
                TestStore.origin(),
                0))
        .toList();
  }

  private ChangePage page(int changes) {
    return new ChangePage(
        CHANGES,
        new ChangeQuestion(
            new ChangeFilter("", FieldSelector.EVERYTHING),
            Optional.empty(),
            Optional.empty(),
            false,
            0,
            Optional.empty()),
        new ChangeReads.Bounds(0, changes),
        () -> CompletableFuture.completedFuture(new Excerpt(changes(changes), changes, true)),
        0,
        sight,
        recorded -> ChangeObject.of(recorded, Sealing.NONE),
        Runnable::run);
  }

  private void answerAll() {
    while (!asked.isEmpty()) {
      asked.remove().run();
    }
  }

  @Test
  void aPageWaitsForTheAnswerAboutEachOfItsChanges() {
    CompletableFuture<Answer.Listing> page = page(3).read();
    assertThat(page).isNotDone();

    answerAll();

    assertThat(page.join().objects()).extracting(object -> object.key().name()).hasSize(2);
    assertThat(page.join().continuation()).isEmpty();
  }

  @Test
  void aPageThatWaitedOftenEndsWhereItIs() {
    CompletableFuture<Answer.Listing> page = page(ChangePage.MOST_ANSWERS + 10).read();

    answerAll();

    assertThat(page.join().continuation().orElseThrow().afterKey())
        .isEqualTo(Integer.toString(ChangePage.MOST_ANSWERS));
  }

  @Test
  void aWatchGoesOnWithTheAnswer() {
    ChangeFeed feed =
        new ChangeFeed(
            CHANGES,
            null,
            () -> CompletableFuture.completedFuture(new Excerpt(changes(2), 2, true)),
            0,
            false,
            sight,
            recorded -> ChangeObject.of(recorded, Sealing.NONE));
    List<WatchEvent> events = new ArrayList<>();
    assertThat(feed.poll(10, events)).isZero();
    int[] called = {0};
    feed.whenAvailable(() -> called[0]++);
    assertThat(called[0]).isZero();

    answerAll();
    assertThat(called[0]).isEqualTo(1);
    assertThat(feed.poll(10, events)).isEqualTo(1);
    answerAll();
    assertThat(feed.poll(10, events)).isEqualTo(1);

    assertThat(events).hasSize(1);
  }
}
