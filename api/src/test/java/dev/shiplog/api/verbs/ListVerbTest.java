package dev.shiplog.api.verbs;

import static dev.shiplog.api.journal.TestStore.createObject;
import static dev.shiplog.api.journal.TestStore.deleteObject;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.topics.catalogue.Partition;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists in pages whose first one was long ago. */
class ListVerbTest {

  private static final Target PODS =
      new Target(
          ResourceCatalogue.builtIn().find("", "v1", "pods").orElseThrow(), "", "default", "");

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private JournalStore store = TestStore.started(log, faults);

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  @Test
  void aPageOfALostPastIsGoneAndSaysHowToGoOnInTheLatestState() {
    for (String name : List.of("a", "b", "c", "d")) {
      createObject(store, pod(name), "").join();
    }
    Answer.Listing first = page(Optional.empty());
    deleteObject(store, store.current().get(pod("c")).orElseThrow()).join();
    createObject(store, pod("e"), "").join();
    loseThePast();

    ApiFailure gone = (ApiFailure) Async.cause(catchThrowable(() -> page(first.continuation())));

    assertThat(gone.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(gone.code()).isEqualTo(410);
    Continuation goOn = Continuation.parse(gone.continueToken());
    assertThat(names(first)).containsExactly("a", "b");
    assertThat(names(page(Optional.of(goOn)))).containsExactly("d", "e");
  }

  @Test
  void aPageOfThePastIsTheSameAfterARestart() {
    for (String name : List.of("a", "b", "c", "d")) {
      createObject(store, pod(name), "").join();
    }
    Answer.Listing first = page(Optional.empty());
    deleteObject(store, store.current().get(pod("c")).orElseThrow()).join();
    project();
    restart();

    assertThat(names(page(first.continuation()))).containsExactly("c", "d");
  }

  private Answer.Listing page(Optional<Continuation> from) {
    ListOptions options = new ListOptions(new ReadAt.Latest(), 2, from);
    return new ListVerb(store, new Registry())
        .list(PODS, Selection.EVERYTHING, options, Runnable::run)
        .join();
  }

  private static List<String> names(Answer.Listing page) {
    return page.objects().stream().map(object -> object.key().name()).toList();
  }

  private void loseThePast() {
    project();
    Partition journal = Partition.only(TestStore.NAMES.journal());
    store.close();
    project();
    log.truncateBefore(journal, log.end(journal, Isolation.READ_UNCOMMITTED));
    store = TestStore.started(log, faults);
  }

  private void project() {
    TestStore.project(log);
  }

  private void restart() {
    store.close();
    store = TestStore.started(log, faults);
  }
}
