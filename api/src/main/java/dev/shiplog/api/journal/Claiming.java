package dev.shiplog.api.journal;

import dev.shiplog.topics.journal.Entry;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A server that wants to lead: its claim on its way, and what is held until that counts. A claim
 * that may not have been stored is sent again, with the same epoch, until some claim counts. The
 * loop's thread alone.
 */
final class Claiming {

  private static final Logger LOG = Logger.getLogger(Claiming.class);

  private final JournalSettings settings;
  private final String claimant;
  private final Applied applied;
  private final Appender appender;
  private final InstantSource clock;
  private final Supplier<String> newClusterId;
  private final Deque<Submission> held = new ArrayDeque<>();
  private Attempt attempt;
  private boolean resigned;

  Claiming(
      JournalSettings settings,
      String claimant,
      Applied applied,
      Appender appender,
      InstantSource clock,
      Supplier<String> newClusterId) {
    this.settings = settings;
    this.claimant = claimant;
    this.applied = applied;
    this.appender = appender;
    this.clock = clock;
    this.newClusterId = newClusterId;
  }

  /** A claim on its way. Sent again once it {@code failed} and {@code retryAtNanos} is over. */
  private static final class Attempt {
    final long epoch;
    boolean failed;
    boolean warned;
    long retryAtNanos;

    Attempt(long epoch) {
      this.epoch = epoch;
    }
  }

  /** Whether a claim of this server is on its way. */
  boolean isUnderWay() {
    return attempt != null;
  }

  /** Whether this server is the one that a claim names. */
  boolean isOwn(Entry.Claim claim) {
    return claim.leader().equals(claimant);
  }

  /** Asks for the lead, unless this server does already, or will not any more. */
  void begin() {
    if (attempt == null && !resigned) {
      attempt = new Attempt(applied.epoch() + 1);
      send(attempt);
    }
  }

  /** The claim may not have been stored. */
  void failed(long epoch, Throwable cause, long nowNanos) {
    if (attempt == null || attempt.epoch != epoch) {
      return;
    }
    if (!attempt.warned) {
      attempt.warned = true;
      LOG.warnf(
          "the journal does not take the claim of epoch %d: %s; tried again until it does",
          epoch, cause.getMessage());
    }
    attempt.failed = true;
    attempt.retryAtNanos = nowNanos + settings.retryAfter().toNanos();
  }

  void tick(long nowNanos) {
    if (attempt != null && attempt.failed && attempt.retryAtNanos - nowNanos <= 0) {
      send(attempt);
    }
  }

  void hold(Submission submission) {
    held.add(submission);
  }

  /** Holds it no more, if it did. */
  boolean withdraw(Submission submission) {
    return held.remove(submission);
  }

  /** A claim counts, whoever's it is: takes out what was held. */
  List<Submission> end() {
    attempt = null;
    return release();
  }

  /** Takes out what was held. */
  List<Submission> release() {
    List<Submission> released = List.copyOf(held);
    held.clear();
    return released;
  }

  /** Claims no more from here on. */
  void resign() {
    resigned = true;
  }

  boolean hasResigned() {
    return resigned;
  }

  /** Lets the lead of this server end, with nobody's in its place. */
  void vacate() {
    appender.claim(
        new Entry.Claim(applied.epoch() + 1, "", "", clock.millis(), applied.clusterId(), 0));
  }

  private void send(Attempt claim) {
    claim.failed = false;
    String cluster = applied.clusterId().isEmpty() ? newClusterId.get() : applied.clusterId();
    appender.claim(
        new Entry.Claim(claim.epoch, claimant, settings.address(), clock.millis(), cluster, 0));
  }
}
