package dev.shiplog.api.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.view.State;
import dev.shiplog.api.view.View;
import dev.shiplog.api.view.ViewLimits;
import dev.shiplog.topics.log.LogUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which question to the log answers which read. */
class ReadBarrierTest {

  private final View view = new View(ViewLimits.DEFAULT, State.EMPTY, 10, 0);
  private final List<Waiters.Waiter> waiting = new ArrayList<>();
  private final List<CompletableFuture<Long>> questions = new ArrayList<>();
  private final ReadBarrier barrier =
      new ReadBarrier(
          view, waiting::add, this::ask, System::nanoTime, JournalSettings.alone("server"));

  @Test
  void aReadIsAnsweredOnceTheLogSaidHowFarItGoes() {
    CompletableFuture<Snapshot> read = barrier.read();
    assertThat(read).isNotDone();

    questions.getFirst().complete(10L);

    assertThat(read).isCompleted();
  }

  @Test
  void aReadJoinsOnlyAQuestionThatIsAskedAfterItCame() {
    CompletableFuture<Snapshot> first = barrier.read();
    CompletableFuture<Snapshot> second = barrier.read();
    CompletableFuture<Snapshot> third = barrier.read();
    assertThat(questions).hasSize(1);

    questions.get(0).complete(10L);
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(questions).hasSize(2);

    questions.get(1).complete(10L);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(questions).hasSize(2);
  }

  @Test
  void aReadWaitsUntilTheJournalIsAppliedThatFar() {
    CompletableFuture<Snapshot> read = barrier.read();

    questions.getFirst().complete(11L);

    assertThat(read).isNotDone();
    assertThat(waiting).extracting(Waiters.Waiter::target).containsExactly(11L);
    waiting.getFirst().reached().accept(true);
    assertThat(read).isCompleted();
  }

  @Test
  void aLogThatDoesNotAnswerMakesReadsUnavailableAndLaterOnesAskAnew() {
    CompletableFuture<Snapshot> failed = barrier.read();
    questions.getFirst().completeExceptionally(new LogUnavailableException("gone"));
    CompletableFuture<Snapshot> next = barrier.read();
    questions.getLast().complete(10L);

    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompleted();
  }

  private CompletableFuture<Long> ask() {
    CompletableFuture<Long> question = new CompletableFuture<>();
    questions.add(question);
    return question;
  }
}
