package dev.shiplog.api.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.PatientAuthorizer;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitStore;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Where whether a write is allowed depends on an answer from outside. */
class AttemptsTest {

  private static final UserInfo JANE = UserInfo.of("jane");
  private static final Attributes ASKED =
      new Attributes("get", "", "v1", "pods", "", "team", "p", "");

  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private int asked;

  /** Is asked twice before it knows. */
  private Authorizer.Decision decide(UserInfo user, Attributes attributes) {
    asked++;
    if (asked <= 2) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      answers.add(answer);
      throw new PendingAnswer(answer);
    }
    return Authorizer.Decision.allow("known by now");
  }

  @Test
  void aWriteWaitsForAnswersAndIsTriedAgain() {
    Attempts attempts = new Attempts(new NoStore());

    CompletableFuture<String> written =
        attempts.run(
            new Caller(JANE, "", "", List.of(), "", 0, Optional.empty(), Runnable::run),
            state -> CompletableFuture.completedFuture(decide(JANE, ASKED).reason()));

    assertThat(written).isNotDone();
    answers.get(0).complete(null);
    assertThat(written).isNotDone();
    answers.get(1).complete(null);
    assertThat(written).isCompletedWithValue("known by now");
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void whoMayWaitIsAnsweredAtOnce() throws Exception {
    Authorizer patient = new PatientAuthorizer(this::decide);

    CompletableFuture<Authorizer.Decision> decided =
        CompletableFuture.supplyAsync(() -> patient.authorize(JANE, ASKED));
    for (int i = 0; i < 2; i++) {
      int one = i;
      org.awaitility.Awaitility.await().until(() -> answers.size() > one);
      assertThat(decided).isNotDone();
      answers.get(one).complete(null);
    }

    assertThat(decided.get().allowed()).isTrue();
  }

  @Test
  void anAnswerThatNeverComesIsNotWaitedForAgainAndAgain() {
    Authorizer patient =
        new PatientAuthorizer((user, attributes) -> {
          asked++;
          throw new PendingAnswer(CompletableFuture.completedFuture(null));
        });

    CompletableFuture<Authorizer.Decision> decided =
        CompletableFuture.supplyAsync(() -> patient.authorize(JANE, ASKED));

    assertThat(decided)
        .failsWithin(java.time.Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("is being asked; try again");
    assertThat(asked).isEqualTo(64);
  }

  /** Nothing is read from it or written to it here. */
  private static final class NoStore implements CommitStore {
    @Override
    public CompletableFuture<CommitResult> commit(CommitRequest request) {
      throw new CompletionException(new AssertionError());
    }

    @Override
    public CompletableFuture<Snapshot> read(ReadAt at) {
      throw new CompletionException(new AssertionError());
    }

    @Override
    public Snapshot current() {
      return null;
    }
  }
}
