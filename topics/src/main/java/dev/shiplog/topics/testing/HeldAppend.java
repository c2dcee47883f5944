package dev.shiplog.topics.testing;

import dev.shiplog.topics.log.LogUnavailableException;
import java.util.concurrent.CompletableFuture;

/** An append that is under way for as long as a test wants. Any thread. */
public final class HeldAppend {

  private Runnable store;
  private CompletableFuture<Long> answer;
  private boolean released;
  private boolean dropped;

  /**
   * Stores the record now (or as soon as it is appended) and answers its writer, if still asked.
   */
  public void release() {
    Runnable now;
    synchronized (this) {
      if (released || dropped) {
        return;
      }
      released = true;
      now = store;
    }
    if (now != null) {
      now.run();
    }
  }

  /** Tells the writer that it cannot know; the record may still be released later. */
  public void giveUp() {
    CompletableFuture<Long> waiting;
    synchronized (this) {
      waiting = answer;
    }
    if (waiting == null) {
      throw new IllegalStateException("nothing was appended yet");
    }
    waiting.completeExceptionally(new LogUnavailableException("no answer in time"));
  }

  /** Loses the record for good and tells the writer that it cannot know. */
  public void drop() {
    synchronized (this) {
      dropped = true;
    }
    giveUp();
  }

  /** Whether an append has arrived here and neither was released nor dropped. */
  public synchronized boolean waiting() {
    return answer != null && !released && !dropped;
  }

  /** Called once by the append that is held. */
  void hold(Runnable store, CompletableFuture<Long> answer) {
    boolean now;
    synchronized (this) {
      this.store = store;
      this.answer = answer;
      now = released;
    }
    if (now) {
      store.run();
    }
  }
}
