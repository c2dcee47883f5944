package dev.shiplog.api.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a server undertook to answer in time, whatever becomes of it. All have the same time to
 * wait, so those who came first are over first. The loop's thread alone.
 */
final class Undertaken {

  private final Deque<Submission> inOrder = new ArrayDeque<>();
  private final Overdue overdue = new Overdue();

  void add(Submission submission) {
    inOrder.add(submission);
  }

  /** Takes out those that were not answered in time. */
  List<Submission> expire(long nowNanos) {
    List<Submission> expired = new ArrayList<>();
    while (!inOrder.isEmpty() && isOver(inOrder.peek(), nowNanos)) {
      Submission oldest = inOrder.remove();
      if (!oldest.isAnswered()) {
        overdue.warn(nowNanos);
        expired.add(oldest);
      }
    }
    return expired;
  }

  /** Takes out all of it. */
  List<Submission> close() {
    List<Submission> rest = List.copyOf(inOrder);
    inOrder.clear();
    return rest;
  }

  private static boolean isOver(Submission submission, long nowNanos) {
    return submission.isAnswered() || submission.deadlineNanos() - nowNanos <= 0;
  }
}
