package dev.shiplog.api.expiry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Deletes Events an hour after they were last told, as Kubernetes does by default. The leader does
 * it, in commits, so that every reader of the topics sees them go. What is there when a run begins
 * is read for the times it names; what was written since then has its hour from when that was
 * noticed, as in Kubernetes, and is not read: most Events come while much else happens. One thread,
 * but for {@link #wakeup}.
 */
public final class EventExpiry implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(EventExpiry.class);
  private static final StorageResource EVENTS = StorageResource.of("events", "");
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final Duration AGE = Duration.ofHours(1);
  private static final long LOOK_EVERY_MS = 30_000;
  private static final long PATIENCE_SECONDS = 60;

  /** Deleted by one commit. */
  private static final int AT_ONCE = 200;

  /** Where an Event says when it was seen. */
  private static final List<String> TIMES =
      List.of(
          "/lastTimestamp",
          "/series/lastObservedTime",
          "/eventTime",
          "/firstTimestamp",
          "/metadata/creationTimestamp");

  private final Store store;
  private final InstantSource clock;
  private final Executor workers;
  private final Semaphore signal = new Semaphore(0);
  private Map<ObjectKey, Told> known = new HashMap<>();
  private boolean looked;

  private record Told(long revision, Instant at) {}

  public EventExpiry(Store store, InstantSource clock, Executor workers) {
    this.store = store;
    this.clock = clock;
    this.workers = workers;
  }

  @Override
  public void step() {
    try {
      var _ = signal.tryAcquire(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    var _ = signal.drainPermits();
    look(store.current());
  }

  @Override
  public void wakeup() {
    signal.release();
  }

  @Override
  public void close() {}

  private void look(Snapshot state) {
    Map<ObjectKey, Told> next = HashMap.newHashMap(known.size());
    List<ProposedChange> due = new ArrayList<>();
    Instant now = clock.instant();
    Instant before = now.minus(AGE);
    Iterator<StoredObject> events = state.list(EVENTS, "", "");
    while (events.hasNext()) {
      StoredObject event = events.next();
      Told told = known.get(event.key());
      if (told == null || told.revision() != event.revision()) {
        told = new Told(event.revision(), looked ? now : at(event.content()));
      }
      next.put(event.key(), told);
      if (told.at().isBefore(before)) {
        due.add(new ProposedChange.Delete(event.key(), event.revision()));
      }
    }
    known = next;
    looked = true;
    for (int from = 0; from < due.size(); from += AT_ONCE) {
      delete(due.subList(from, Math.min(due.size(), from + AT_ONCE)));
    }
  }

  /** The latest of the times it names; one that names none has all its time before it. */
  private Instant at(JsonNode event) {
    Instant latest = Instant.MIN;
    for (String place : TIMES) {
      String text = event.at(place).asText("");
      if (!text.isEmpty()) {
        latest = later(latest, text);
      }
    }
    return latest.equals(Instant.MIN) ? clock.instant() : latest;
  }

  private static Instant later(Instant known, String text) {
    try {
      Instant said = Instant.parse(text);
      return said.isAfter(known) ? said : known;
    } catch (DateTimeParseException notOne) {
      return known;
    }
  }

  private void delete(List<ProposedChange> events) {
    try {
      var _ =
          store
              .commit(new CommitRequest(caller().origin("delete"), List.copyOf(events), false))
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException changed) {
      LOG.debug("Events could not be deleted; it is tried again", changed);
    }
  }

  private Caller caller() {
    return Caller.itself(SELF, clock, workers);
  }
}
