package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.log.Isolation;
import dev.shiplog.topics.testing.HeldAppend;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leads, what counts, and what those who wait are told. Time stands still unless moved. */
class JournalTest {

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private long now = Duration.ofSeconds(100).toNanos();
  private DrivenServer first;
  private DrivenServer second;

  @BeforeEach
  void start() {
    log.ensureTopics(TestStore.topics());
    first = new DrivenServer("first", log, now);
    second = new DrivenServer("second", log, now);
    first.claim();
    step(first);
    step(second);
  }

  @Test
  void aClaimThatCountsMakesItsWriterTheLeader() {
    assertThat(first.leads()).isTrue();
    assertThat(second.leads()).isFalse();
    assertThat(first.leadership).containsExactly("leads 1");
  }

  @Test
  void ofTwoClaimsOfOneEpochTheFirstInTheLogWins() {
    HeldAppend late = first.log.faults().holdNextAppend(TestStore.NAMES.journal());
    first.claim();
    second.claim();
    late.release();
    stepAll();

    assertThat(second.leads()).isTrue();
    assertThat(first.leads()).isFalse();
    assertThat(first.leadership).containsExactly("leads 1", "lost");
    assertThat(second.leadership).containsExactly("leads 2");
  }

  @Test
  void aFollowerClaimsAfterTwoSecondsOfSilence() {
    pass(Duration.ofMillis(1900));
    step(second);
    assertThat(journalEnd()).isEqualTo(1);

    pass(Duration.ofMillis(100));
    step(second);
    step(second);

    assertThat(second.leads()).isTrue();
  }

  @Test
  void aLeaderThatIsIdleShowsThatItLives() {
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofMillis(500));
      step(first);
      step(second);
    }

    assertThat(first.leads()).isTrue();
    assertThat(second.leadership).isEmpty();
    assertThat(journalEnd()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void aFollowerThatWasPausedReadsWhatItMissedBeforeItThinksOfClaiming() {
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofMillis(500));
      step(first);
    }

    step(second);
    step(second);

    assertThat(second.leadership).isEmpty();
    assertThat(journalEnd()).isEqualTo(second.applied().offset());
  }

  @Test
  void anAnswerIsSentOnlyAfterItsEntryWasApplied() {
    CompletableFuture<CommitResult> answer = create(first, "a");
    assertThat(journalEnd()).isEqualTo(2);
    assertThat(answer).isNotDone();
    assertThat(first.state().get(pod("a"))).isEmpty();

    step(first);

    assertThat(answer.join().revision()).isEqualTo(1);
    assertThat(first.state().get(pod("a"))).isPresent();
  }

  @Test
  void decisionsRestOnWhatIsPending() {
    CompletableFuture<CommitResult> created = create(first, "a");
    CompletableFuture<CommitResult> again = create(first, "a");
    CompletableFuture<CommitResult> other = create(first, "b");

    step(first);

    assertThat(created.join().revision()).isEqualTo(1);
    assertThat(other.join().revision()).isEqualTo(2);
    assertThat(failure(again).reason()).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void aRefusalThatRestsOnSomethingPendingIsNotSentBeforeThatCounts() {
    HeldAppend held = first.log.faults().holdNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> lost = create(first, "a", "one");
    CompletableFuture<CommitResult> second = create(first, "a", "two");
    step(first);
    assertThat(second).isNotDone();

    held.drop();
    stepAll();

    // The first was decided again, before the second as at first.
    assertThat(lost.join().revision()).isEqualTo(1);
    assertThat(failure(second).reason()).isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void aLateAppendOfADeposedLeaderDoesNotCount() {
    HeldAppend late = first.log.faults().holdNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> answer = create(first, "a");
    second.claim();
    step(second);
    late.release();
    stepAll();

    assertThat(first.state().get(pod("a"))).isEmpty();
    assertThat(second.state().get(pod("a"))).isEmpty();
    assertThat(failure(answer).reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
  }

  @Test
  void anAppendBeforeTheClaimOfASuccessorCounts() {
    CompletableFuture<CommitResult> answer = create(first, "a");
    second.claim();
    stepAll();

    assertThat(answer.join().revision()).isEqualTo(1);
    assertThat(second.state().get(pod("a"))).isPresent();
    assertThat(second.leads()).isTrue();
  }

  @Test
  void aCommitWhoseAppendWasLostIsDecidedAgainUnderANewClaim() {
    first.log.faults().failNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> lost = create(first, "a");
    CompletableFuture<CommitResult> afterIt = create(first, "b");
    stepAll();

    assertThat(lost.join().revision()).isEqualTo(1);
    assertThat(afterIt.join().revision()).isEqualTo(2);
    assertThat(first.leadership).containsExactly("leads 1", "leads 2");
    assertThat(second.state().get(pod("b"))).isPresent();
  }

  @Test
  void nothingAfterALostAppendCountsUntilANewClaim() {
    HeldAppend lost = first.log.faults().holdNextAppend(TestStore.NAMES.journal());
    var _ = create(first, "a");
    CompletableFuture<CommitResult> afterIt = create(first, "b");
    step(second);

    assertThat(second.state().get(pod("b"))).isEmpty();
    assertThat(afterIt).isNotDone();

    stepAll();
    lost.release();
    stepAll();

    assertThat(first.leadership).containsExactly("leads 1", "leads 2");
    assertThat(afterIt.join().revision()).isEqualTo(2);
    assertThat(second.state().revision()).isEqualTo(2);
  }

  @Test
  void anAppendWhoseAnswerWasLostTakesEffectOnce() {
    first.log.faults().loseNextAnswer(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> answer = create(first, "a");
    stepAll();
    CompletableFuture<CommitResult> next = create(first, "b");
    stepAll();

    assertThat(answer.join().revision()).isEqualTo(1);
    assertThat(next.join().revision()).isEqualTo(2);
  }

  @Test
  void anAppendThatArrivesTwiceCountsOnce() {
    first.log.faults().duplicateNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> answer = create(first, "a");
    CompletableFuture<CommitResult> next = create(first, "b");
    stepAll();

    assertThat(answer.join().revision()).isEqualTo(1);
    assertThat(next.join().revision()).isEqualTo(2);
    assertThat(second.state().revision()).isEqualTo(2);
    assertThat(first.leadership).containsExactly("leads 1");
  }

  @Test
  void aCommitThatIsNotSeenInTimeHasAnUnknownOutcome() {
    first.log.faults().pauseReads();
    CompletableFuture<CommitResult> answer = create(first, "a");
    pass(Duration.ofSeconds(25));
    step(first);

    assertThat(failure(answer).reason()).isEqualTo(Reason.TIMEOUT);

    first.log.faults().resumeReads();
    step(first);
    assertThat(first.state().get(pod("a"))).isPresent();
  }

  @Test
  void aCommitThatWasNeverDecidedIsKnownToHaveChangedNothing() {
    first.log.faults().cutOff();
    CompletableFuture<CommitResult> lost = create(first, "a");
    first.work();
    CompletableFuture<CommitResult> held = create(first, "b");
    pass(Duration.ofSeconds(25));
    step(first);

    assertThat(failure(lost).reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure(held).reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
  }

  @Test
  void aFailedClaimIsTriedAgain() {
    second.log.faults().failNextAppend(TestStore.NAMES.journal());
    second.claim();
    step(second);
    assertThat(second.leads()).isFalse();

    pass(Duration.ofMillis(500));
    step(second);
    step(second);

    assertThat(second.leads()).isTrue();
  }

  @Test
  void aFollowerSaysWhereTheLeaderIs() {
    CompletableFuture<CommitResult> answer = create(second, "a");
    step(second);

    ApiFailure failure = failure(answer);
    assertThat(failure.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
    assertThat(failure).hasMessageContaining("first.example:443");
    assertThat(failure.retryAfterSeconds()).isPositive();
  }

  @Test
  void aNewLeaderGoesOnWithRevisionsWhereTheOldOneEnded() {
    var _ = create(first, "a");
    second.claim();
    step(second);

    CompletableFuture<CommitResult> next = create(second, "b");
    step(second);

    assertThat(next.join().objects()).extracting(StoredObject::revision).containsExactly(2L);
  }

  private static CompletableFuture<CommitResult> create(DrivenServer server, String name) {
    return create(server, name, "");
  }

  private static CompletableFuture<CommitResult> create(
      DrivenServer server, String name, String content) {
    return server.commit(new ProposedChange.Create(pod(name), object(pod(name), content)));
  }

  private void step(DrivenServer server) {
    server.step(now);
  }

  /** Often enough for a gap to be seen, claimed over, and what was lost to be written again. */
  private void stepAll() {
    for (int i = 0; i < 4; i++) {
      step(first);
      step(second);
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private long journalEnd() {
    return log.range(DrivenServer.JOURNAL, Isolation.READ_UNCOMMITTED).end();
  }

  private static ApiFailure failure(CompletableFuture<CommitResult> answer) {
    assertThat(answer).isCompletedExceptionally();
    Throwable thrown = catchThrowable(answer::join);
    return (ApiFailure) (thrown instanceof CompletionException ? thrown.getCause() : thrown);
  }
}
