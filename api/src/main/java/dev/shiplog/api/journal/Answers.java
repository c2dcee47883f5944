package dev.shiplog.api.journal;

import dev.shiplog.api.store.CommitResult;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be said as soon as what it rests on was published, in this order: to those who wait
 * for an outcome, but also to the leader and to those who want to know who leads. The loop's thread
 * alone.
 */
final class Answers {

  private final List<Runnable> due = new ArrayList<>();

  void add(Runnable answer) {
    due.add(answer);
  }

  void add(Submission submission, Decision decision) {
    switch (decision) {
      case Decision.Append append -> complete(submission, append.result());
      case Decision.Answer answer -> complete(submission, answer.result());
      case Decision.Refusal refusal -> refuse(submission, refusal.failure());
    }
  }

  void complete(Submission submission, CommitResult result) {
    due.add(() -> submission.answer().complete(result));
  }

  void refuse(Submission submission, RuntimeException failure) {
    due.add(() -> submission.answer().completeExceptionally(failure));
  }

  /** Says all of it. */
  void give() {
    List<Runnable> now = List.copyOf(due);
    due.clear();
    now.forEach(Runnable::run);
  }
}
