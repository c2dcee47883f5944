package dev.shiplog.e2e.consistency;

import dev.shiplog.e2e.consistency.Call.Get;
import dev.shiplog.e2e.consistency.Call.Listing;
import dev.shiplog.e2e.consistency.Call.Outcome;
import dev.shiplog.e2e.consistency.Call.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Judges a history. Revisions say in which order writes took effect, so it only remains to be shown
 * that this order explains what everybody was told, and when:
 *
 * <ul>
 *   <li>an acknowledged write is in it, once, on top of what it expected; a refused one is not; one
 *       of unknown outcome is in it once or not at all;
 *   <li>a write has a higher revision than everything that was known before it began;
 *   <li>every read can be given a revision at which it is true, that is not lower than what was
 *       known before it began, and lower than what began after it ended;
 *   <li>a list is the state at the revision it names;
 *   <li>a watch brings exactly the changes after its start.
 * </ul>
 */
final class Checker {

  private final Timeline timeline;
  private final List<String> faults = new ArrayList<>();

  Checker(Timeline timeline) {
    this.timeline = timeline;
  }

  /** What is wrong; empty if nothing is. */
  List<String> check(Collection<Call> calls, Collection<Watched> watches) {
    List<Write> writes = new ArrayList<>();
    for (Call call : calls) {
      switch (call) {
        case Write write -> writes.add(write);
        case Listing list -> checkSnapshot(list);
        case Get _ -> {}
      }
    }
    writes.forEach(this::checkEffect);
    checkRealTime(calls);
    watches.forEach(this::checkWatch);
    return List.copyOf(faults);
  }

  private void checkEffect(Write write) {
    Event effect = effect(write);
    switch (write.outcome()) {
      case DONE -> {
        if (effect == null) {
          faults.add("lost: " + write);
        } else if (write.revision() != 0 && effect.revision() != write.revision()) {
          faults.add("not at the revision that was answered, but " + effect + ": " + write);
        }
      }
      case REFUSED -> {
        if (effect != null) {
          faults.add("took effect although it was refused: " + write);
        }
      }
      case UNKNOWN -> {}
    }
    if (effect != null) {
      checkExpectation(write, effect);
    }
  }

  private void checkExpectation(Write write, Event effect) {
    Event before = timeline.last(write.key(), effect.revision() - 1);
    long was = before == null || before.content() == null ? 0 : before.revision();
    if (write.expected() >= 0 && was != write.expected()) {
      faults.add("took effect on revision " + was + ": " + write);
    }
  }

  /** The change that a write made, as far as that can be told; null if it made none. */
  private Event effect(Write write) {
    if (write.content() != null) {
      return timeline.of(write.content());
    }
    if (write.outcome() != Outcome.DONE || write.expected() <= 0) {
      // Another delete may have done it: nothing is to be learnt from it.
      return null;
    }
    Event next = timeline.next(write.key(), write.expected());
    return next != null && next.content() == null ? next : null;
  }

  private void checkSnapshot(Listing list) {
    if (!list.objects().equals(timeline.state(list.revision()))) {
      faults.add("not the state, which is " + timeline.state(list.revision()) + ": " + list);
    }
  }

  private void checkWatch(Watched watch) {
    List<Event> due = timeline.between(watch.after(), watch.upTo());
    if (!watch.events().equals(due)) {
      faults.add(
          "the watch after %d brought %s instead of %s"
              .formatted(
                  watch.after(), difference(watch.events(), due), difference(due, watch.events())));
    }
  }

  private static List<Event> difference(List<Event> one, List<Event> other) {
    List<Event> rest = new ArrayList<>(one);
    rest.removeAll(other);
    return rest.isEmpty() ? one : rest;
  }

  /**
   * Gives every call the lowest revision at which it can have been true, in the order in which they
   * ended: so all that ended before one began are known when it is its turn.
   */
  private void checkRealTime(Collection<Call> calls) {
    List<Call> byEnd = calls.stream().sorted(Comparator.comparingLong(Call::ended)).toList();
    Known known = new Known(byEnd.size());
    List<Call> byBegin = calls.stream().sorted(Comparator.comparingLong(Call::begun)).toList();
    long[] firstAfter = firstEffects(byBegin);
    for (Call call : byEnd) {
      long atLeast = known.before(call.begun());
      long below = firstAfter[after(byBegin, call.ended())];
      long revision = place(call, atLeast);
      if (revision >= below) {
        faults.add("knew of revision %d, which only began later: %s".formatted(below, call));
      }
      known.add(call.ended(), Math.max(revision, 0));
    }
  }

  /** The lowest revision at which a call is true; 0 if nothing is known of it. */
  private long place(Call call, long atLeast) {
    return switch (call) {
      case Write write -> {
        Event effect = effect(write);
        if (effect != null && effect.revision() <= atLeast) {
          faults.add("revision %d was known before it began: %s".formatted(atLeast, write));
        }
        yield effect == null || write.outcome() != Outcome.DONE ? 0 : effect.revision();
      }
      case Listing list -> {
        if (list.linearizable() && list.revision() < atLeast) {
          faults.add("revision %d was known before it began: %s".formatted(atLeast, list));
        }
        yield list.linearizable() ? list.revision() : 0;
      }
      case Get get -> place(get, atLeast);
    };
  }

  private long place(Get get, long atLeast) {
    if (get.found() == null) {
      return placeOfAbsence(get, atLeast);
    }
    Event seen = timeline.at(get.found().revision());
    if (seen == null || !Objects.equals(seen.content(), get.found().content())) {
      faults.add("was never there: " + get);
      return 0;
    }
    Event next = timeline.next(get.key(), seen.revision());
    if (next != null && next.revision() <= atLeast) {
      faults.add("stale, revision %d was known before it began: %s".formatted(atLeast, get));
    }
    return Math.max(atLeast, seen.revision());
  }

  /** Absent at this revision, or from the next deletion on. */
  private long placeOfAbsence(Get get, long atLeast) {
    Event last = timeline.last(get.key(), atLeast);
    if (last == null || last.content() == null) {
      return atLeast;
    }
    Event next = timeline.next(get.key(), atLeast);
    while (next != null && next.content() != null) {
      next = timeline.next(get.key(), next.revision());
    }
    if (next == null) {
      faults.add("was there: " + get);
      return 0;
    }
    return next.revision();
  }

  /** By begin: the lowest revision of a write that began then or later. */
  private long[] firstEffects(List<Call> byBegin) {
    long[] first = new long[byBegin.size() + 1];
    first[byBegin.size()] = Long.MAX_VALUE;
    for (int i = byBegin.size() - 1; i >= 0; i--) {
      Event effect = byBegin.get(i) instanceof Write write ? effect(write) : null;
      first[i] = Math.min(first[i + 1], effect == null ? Long.MAX_VALUE : effect.revision());
    }
    return first;
  }

  private static int after(List<Call> byBegin, long time) {
    int low = 0;
    int high = byBegin.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (byBegin.get(middle).begun() > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
