package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shiplog.api.journal.PeerNetwork.Fault;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of commits that are asked of a follower. Time stands still unless moved. */
class HandoverTest {

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final PeerNetwork network = new PeerNetwork();
  private long now = Duration.ofSeconds(100).toNanos();
  private DrivenServer leader;
  private DrivenServer follower;
  private DrivenServer third;

  @BeforeEach
  void start() {
    log.ensureTopics(TestStore.topics());
    leader = server("leader");
    follower = server("follower");
    third = server("third");
    leader.claim();
    stepAll();
  }

  @Test
  void aFollowersCommitIsAnsweredOnceTheFollowerHasAppliedIt() {
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    step(leader);
    step(leader);
    assertThat(answer).isNotDone();

    step(follower);

    StoredObject stored = answer.join().objects().getFirst();
    assertThat(stored).isSameAs(follower.state().get(pod("a")).orElseThrow());
    assertThat(answer.join().revision()).isEqualTo(stored.revision());
  }

  @Test
  void aDeletionIsAnsweredWithTheLastStateAndTheDeletionsRevision() {
    StoredObject made = done(follower.commit(create("a"))).objects().getFirst();

    CommitResult deleted =
        done(follower.commit(request(new ProposedChange.Delete(pod("a"), made.revision()))));

    assertThat(deleted.revision()).isEqualTo(made.revision() + 1);
    assertThat(deleted.objects().getFirst().revision()).isEqualTo(deleted.revision());
    assertThat(follower.state().get(pod("a"))).isEmpty();
  }

  @Test
  void theLeadersRefusalIsTheFollowersAnswer() {
    done(follower.commit(create("a")));

    assertThat(failure(follower.commit(create("a"))))
        .isInstanceOfSatisfying(
            ApiFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.ALREADY_EXISTS));
    assertThat(failure(follower.commit(request(new ProposedChange.Delete(pod("a"), 77)))))
        .isInstanceOf(StaleException.class);
  }

  @Test
  void anUpdateThatChangesNothingIsAnsweredOnceTheFollowerKnowsTheObject() {
    CompletableFuture<CommitResult> created = leader.commit(create("a"));
    step(leader);
    StoredObject made = created.join().objects().getFirst();
    CompletableFuture<CommitResult> answer =
        follower.commit(request(new ProposedChange.Update(pod("a"), made.revision(), made.tree())));
    leader.work();
    follower.work();
    assertThat(answer).isNotDone();

    step(follower);

    assertThat(answer.join().revision()).isZero();
    assertThat(answer.join().objects().getFirst().bytes()).isEqualTo(made.bytes());
  }

  @Test
  void aCommitThatDidNotReachTheLeaderIsSentAgain() {
    network.failNext(Fault.UNREACHABLE);
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    step(follower);
    pass(Duration.ofMillis(600));

    assertThat(done(answer).revision()).isEqualTo(1);
  }

  @Test
  void aLostAnswerIsFoundInTheJournal() {
    network.failNext(Fault.ANSWER_LOST);

    assertThat(done(follower.commit(create("a"))).revision()).isEqualTo(1);
  }

  @Test
  void aCommitOfALeaderThatDiedBeforeItAppendedIsDecidedByTheNext() {
    network.failNext(Fault.DELAYED);
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    network.remove(leader);
    third.claim();
    for (int i = 0; i < 3; i++) {
      step(third);
      step(follower);
    }

    assertThat(answer.join().revision()).isEqualTo(1);
    assertThat(third.state().get(pod("a"))).isPresent();
  }

  @Test
  void aCommitThatArrivesLateIsNotTakenOnceAnotherServerHasLed() {
    network.failNext(Fault.DELAYED);
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    third.claim();
    stepAll();
    stepAll();
    StoredObject made = answer.join().objects().getFirst();
    done(third.commit(request(new ProposedChange.Delete(pod("a"), made.revision()))));
    leader.claim();
    stepAll();

    network.deliver();
    stepAll();
    stepAll();

    assertThat(leader.leads()).isTrue();
    assertThat(leader.state().get(pod("a"))).isEmpty();
  }

  @Test
  void whatADeposedLeaderSaysLateOfACommitMeansNothing() {
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    third.claim();
    step(third);
    step(follower);
    // The commit is with the third server now; the first one lets go of it only here.
    step(leader);
    step(leader);
    pass(Duration.ofMillis(600));
    step(follower);
    stepAll();

    assertThat(done(answer).revision()).isEqualTo(1);
  }

  @Test
  void aLeaderThatClaimsAnewGoesOnWithWhatItWasHanded() {
    leader.log.faults().failNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));

    assertThat(done(answer).revision()).isEqualTo(1);
    assertThat(leader.leadership).containsExactly("leads 1", "leads 2");
  }

  @Test
  void commitsWaitForALeaderThatIsNotThereYet() {
    leader.stop();
    network.remove(leader);
    step(follower);

    assertThat(follower.commit(create("a"))).isNotDone();
    stepFollowers();
    stepFollowers();

    assertThat(follower.leads() || third.leads()).isTrue();
    assertThat(done(follower.commit(create("b"))).revision()).isEqualTo(2);
  }

  @Test
  void aLeaderThatStopsIsFollowedAtOnce() {
    leader.stop();
    stepFollowers();
    stepFollowers();

    assertThat(follower.leads() ^ third.leads()).isTrue();
  }

  @Test
  void aLeaderWhoseProcessEndsIsFollowedAtOnceAndWhatItHadIsDecided() {
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    network.remove(leader);
    network.tellEnded("leader");
    for (int i = 0; i < 4; i++) {
      stepFollowers();
    }

    assertThat(follower.leads() ^ third.leads()).isTrue();
    assertThat(answer).isCompleted();
  }

  @Test
  void aLeaderOfWhichThatIsSaidInErrorLosesTheLeadAndNothingElse() {
    CompletableFuture<CommitResult> answer = leader.commit(create("a"));
    network.tellEnded("leader");
    for (int i = 0; i < 4; i++) {
      stepAll();
    }

    assertThat(leader.leads()).isFalse();
    assertThat(answer).isCompleted();
    assertThat(follower.state().get(pod("a"))).isPresent();
  }

  @Test
  void aServerThatGaveUpTheLeadHandsOverAndClaimsNoMore() {
    leader.resign();
    for (int i = 0; i < 4; i++) {
      stepAll();
    }
    CompletableFuture<CommitResult> answer = leader.commit(create("a"));
    for (int i = 0; i < 4; i++) {
      stepAll();
    }
    pass(Duration.ofMinutes(1));
    step(leader);
    step(leader);

    assertThat(answer).isCompleted();
    assertThat(leader.leads()).isFalse();
  }

  @Test
  void theMarksOfReadersAreNoSignOfALeader() {
    for (int i = 0; i < 25; i++) {
      pass(Duration.ofMillis(100));
      follower.mark(i);
      step(follower);
    }
    step(follower);

    assertThat(follower.leads()).isTrue();
  }

  @Test
  void whatNobodyTookInTimeDidNotHappen() {
    network.remove(leader);
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    for (int i = 0; i < 60; i++) {
      pass(Duration.ofMillis(500));
      step(leader);
      step(follower);
    }

    assertThat(((ApiFailure) failure(answer)).reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
  }

  @Test
  void whatMayHaveReachedTheLeaderIsNotCalledRefused() {
    network.failNext(Fault.DELAYED);
    CompletableFuture<CommitResult> answer = follower.commit(create("a"));
    for (int i = 0; i < 60; i++) {
      pass(Duration.ofMillis(500));
      step(leader);
      step(follower);
    }

    assertThat(((ApiFailure) failure(answer)).reason()).isEqualTo(Reason.TIMEOUT);
  }

  private DrivenServer server(String id) {
    DrivenServer server = new DrivenServer(id, log, now, network);
    network.add(server);
    return server;
  }

  private static CommitRequest create(String name) {
    return request(new ProposedChange.Create(pod(name), object(pod(name), name)));
  }

  private static CommitRequest request(ProposedChange change) {
    return TestStore.request(change);
  }

  private CommitResult done(CompletableFuture<CommitResult> answer) {
    for (int i = 0; i < 4 && !answer.isDone(); i++) {
      stepAll();
    }
    assertThat(answer).isDone();
    return answer.join();
  }

  private Throwable failure(CompletableFuture<CommitResult> answer) {
    for (int i = 0; i < 4 && !answer.isDone(); i++) {
      stepAll();
    }
    assertThat(answer).isDone();
    Throwable thrown = catchThrowable(answer::join);
    return thrown instanceof CompletionException ? thrown.getCause() : thrown;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void step(DrivenServer server) {
    server.step(now);
  }

  private void stepFollowers() {
    step(follower);
    step(third);
  }

  private void stepAll() {
    step(leader);
    stepFollowers();
  }
}
