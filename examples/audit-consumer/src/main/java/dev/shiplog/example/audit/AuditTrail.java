package dev.shiplog.example.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The newest changes, and those who want to hear of more. Any thread. */
@ApplicationScoped
public class AuditTrail {

  private static final int MOST = 20_000;

  private final Deque<Change> changes = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  void add(Change change) {
    synchronized (changes) {
      changes.addLast(change);
      if (changes.size() > MOST) {
        changes.removeFirst();
      }
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  /** The newest that answer a question, newest first. */
  List<Change> newest(Question question, int limit) {
    List<Change> found = new ArrayList<>();
    synchronized (changes) {
      Iterator<Change> all = changes.descendingIterator();
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
