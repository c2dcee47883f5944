package dev.shiplog.example.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The newest changes, the newest of other requests, and those who want to hear of more changes. The
 * two are kept apart, so that many reads leave the changes where they are. Any thread.
 */
@ApplicationScoped
public class AuditTrail {

  private static final int MOST = 20_000;

  private final Deque<Change> changes = new ArrayDeque<>();
  private final Deque<Change> requests = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  void add(Change told) {
    Deque<Change> kept = told.isOne() ? changes : requests;
    synchronized (kept) {
      kept.addLast(told);
      if (kept.size() > MOST) {
        kept.removeFirst();
      }
    }
    if (told.isOne()) {
      listeners.forEach(listener -> listener.accept(told));
    }
  }

  /** The newest changes that answer a question, newest first. */
  List<Change> newest(Question question, int limit) {
    return newest(changes, question, limit);
  }

  /** The same of requests that changed nothing: reads, and what was refused. */
  List<Change> requests(Question question, int limit) {
    return newest(requests, question, limit);
  }

  private static List<Change> newest(Deque<Change> kept, Question question, int limit) {
    List<Change> found = new ArrayList<>();
    synchronized (kept) {
      Iterator<Change> all = kept.descendingIterator();
      while (all.hasNext() && found.size() < limit) {
        Change change = all.next();
        if (question.test(change)) {
          found.add(change);
        }
      }
    }
    return found;
  }

  /** Tells of every change from now on; closing what is returned ends that. */
  Runnable listen(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
