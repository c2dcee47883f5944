package dev.shiplog.topics.testing;

import dev.shiplog.topics.log.LogUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one connection to an {@link InMemoryTopicLog} misbehave as a network, a broker or a paused
 * process would; other connections to the same log are not touched. What is asked for next is used
 * up in the order it was asked for. Any thread.
 */
public final class LogFaults {

  /** More are a test's mistake. */
  private static final int MAX_PLANNED = 1000;

  private final Map<String, Deque<Fault>> nextAppends = new HashMap<>();
  private final Deque<Fault> nextCommits = new ArrayDeque<>();
  private final Deque<HeldAppend> paused = new ArrayDeque<>();
  private final Runnable wakeReaders;
  private boolean appendsPaused;
  private boolean readsPaused;
  private boolean cutOff;

  LogFaults(Runnable wakeReaders) {
    this.wakeReaders = wakeReaders;
  }

  /** What happens to an append. */
  sealed interface Fault {
    /** Not stored; its writer is told that it cannot know. */
    record Fail() implements Fault {}

    /** Stored; its writer is told that it cannot know. */
    record LoseAnswer() implements Fault {}

    /** Stored twice, as by a writer that sent it again. */
    record Duplicate() implements Fault {}

    /** Nothing happens to it. */
    record None() implements Fault {}

    /** Waits for the test. */
    record Hold(HeldAppend held) implements Fault {}
  }

  /** The next append to the topic is not stored and its writer is told that it cannot know. */
  public void failNextAppend(String topic) {
    plan(topic, new Fault.Fail());
  }

  /** The next append to the topic is stored and its writer is told that it cannot know. */
  public void loseNextAnswer(String topic) {
    plan(topic, new Fault.LoseAnswer());
  }

  /** The next append to the topic is stored twice. */
  public void duplicateNextAppend(String topic) {
    plan(topic, new Fault.Duplicate());
  }

  /** The next append to the topic waits until the test decides; later ones overtake it. */
  public HeldAppend holdNextAppend(String topic) {
    HeldAppend held = new HeldAppend();
    plan(topic, new Fault.Hold(held));
    return held;
  }

  /** The next commit of a transaction does not happen, and its writer cannot know. */
  public void failNextCommit() {
    plan(nextCommits, new Fault.Fail());
  }

  /** So many commits of transactions succeed; the one after them does not happen. */
  public void failCommitAfter(int successes) {
    for (int i = 0; i < successes; i++) {
      plan(nextCommits, new Fault.None());
    }
    failNextCommit();
  }

  /** The next commit of a transaction happens, and its writer cannot know. */
  public void loseNextCommitAnswer() {
    plan(nextCommits, new Fault.LoseAnswer());
  }

  /** Appends outside transactions wait, in order, for {@link #resumeAppends}. */
  public synchronized void pauseAppends() {
    appendsPaused = true;
  }

  /** Stores what waited, in order; what is appended meanwhile follows it. */
  public void resumeAppends() {
    HeldAppend next = nextToResume();
    while (next != null) {
      next.release();
      next = nextToResume();
    }
  }

  /** Readers of this connection get nothing until {@link #resumeReads}. */
  public synchronized void pauseReads() {
    readsPaused = true;
  }

  public void resumeReads() {
    synchronized (this) {
      readsPaused = false;
    }
    wakeReaders.run();
  }

  /** Every call of this connection fails until {@link #reconnect}; readers get nothing. */
  public synchronized void cutOff() {
    cutOff = true;
  }

  public void reconnect() {
    synchronized (this) {
      cutOff = false;
    }
    wakeReaders.run();
  }

  /** How many appends wait. */
  public synchronized int pausedAppends() {
    return paused.size();
  }

  synchronized void checkConnected() {
    if (cutOff) {
      throw new LogUnavailableException("cut off by the test");
    }
  }

  synchronized boolean readable() {
    return !readsPaused && !cutOff;
  }

  synchronized Optional<Fault> nextAppend(String topic) {
    Deque<Fault> planned = nextAppends.get(topic);
    Fault next = planned == null ? null : planned.poll();
    if (next == null && appendsPaused) {
      checkBound(paused.size());
      HeldAppend held = new HeldAppend();
      paused.add(held);
      next = new Fault.Hold(held);
    }
    return Optional.ofNullable(next);
  }

  synchronized Optional<Fault> nextCommit() {
    return Optional.ofNullable(nextCommits.poll());
  }

  private synchronized HeldAppend nextToResume() {
    HeldAppend next = paused.poll();
    if (next == null) {
      appendsPaused = false;
    }
    return next;
  }

  private synchronized void plan(String topic, Fault fault) {
    plan(nextAppends.computeIfAbsent(topic, _ -> new ArrayDeque<>()), fault);
  }

  private synchronized void plan(Deque<Fault> planned, Fault fault) {
    checkBound(planned.size());
    planned.add(fault);
  }

  private static void checkBound(int size) {
    if (size >= MAX_PLANNED) {
      throw new IllegalStateException("more than " + MAX_PLANNED + " faults wait");
    }
  }
}
