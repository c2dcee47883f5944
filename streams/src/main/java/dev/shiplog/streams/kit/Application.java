package dev.shiplog.streams.kit;

import dev.shiplog.topics.record.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A state machine that follows resources and asks for changes. The kit runs it: on Kafka Streams in
 * production, by hand in tests. All calls come from one thread; none may block.
 *
 * <p>Order of calls: {@link #onActivated} first, and again whenever this process becomes the active
 * one anew (then everything known before is void); the others in between, as things happen. Each
 * call may send commands. Nothing is called while another process is the active one.
 */
public interface Application {

  /** Name in its commands, for example {@code scheduler}. Outcomes of other names do not arrive. */
  String name();

  /** What it follows. */
  Set<ResourceType<?>> resources();

  /** Secondary indexes to keep; see {@link ResourceView#find}. */
  default Set<Index<?>> indexes() {
    return Set.of();
  }

  /**
   * This process is now the one that acts, and commands of its predecessors can no longer take
   * effect. The views hold everything read so far.
   *
   * @param views stay valid, and are up to date in every later call
   */
  void onActivated(Views views, CommandSender commands, Instant now);

  /** Something it follows has changed; the views have it already. */
  void onChange(ObjectChange<?> change, Instant now);

  /**
   * A command of this activation was decided. Outcomes and changes come on different topics, so the
   * change may not have been seen yet: compare {@code result().resourceRevision()} with {@link
   * ResourceView#revision}.
   */
  void onOutcome(Outcome outcome, Instant now);

  /**
   * The place to do work: called after changes and outcomes, once for those that arrived together,
   * and every 20 ms or so even if there were none.
   */
  void onTime(Instant now);

  /** For operators: a line each about what it is doing. Same thread as all else. */
  default List<String> describe() {
    return List.of();
  }
}
