package dev.shiplog.api.certificates;

import dev.shiplog.api.certificates.RequestDecision.Outcome;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.EventCursor;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks after certificate signing requests while this server leads: at each change of one, and at
 * all of them from time to time. There are few, so it looks at the state alone. One thread, but for
 * {@link #wakeup}.
 */
public final class CertificateRun implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(CertificateRun.class);
  private static final StorageResource REQUESTS =
      StorageResource.of("certificatesigningrequests", "certificates.k8s.io");
  private static final UserInfo SELF =
      UserInfo.of(
          "system:serviceaccount:kube-system:certificate-controller",
          "system:serviceaccounts",
          "system:serviceaccounts:kube-system",
          "system:authenticated");
  private static final long LOOK_AGAIN_MS = 60_000;
  private static final long PATIENCE_SECONDS = 30;
  private static final int BATCH = 512;

  private final Store store;
  private final RequestDecision decision;
  private final InstantSource clock;
  private final Semaphore signal = new Semaphore(1);
  private EventCursor cursor;

  public CertificateRun(Store store, RequestDecision decision, InstantSource clock) {
    this.store = store;
    this.decision = decision;
    this.clock = clock;
    this.cursor = store.events(REQUESTS, store.current().revision());
  }

  @Override
  public void step() {
    try {
      var _ = signal.tryAcquire(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    passEvents();
    Instant now = clock.instant();
    List<StoredObject> all = new ArrayList<>();
    store.current().list(REQUESTS, "", "").forEachRemaining(all::add);
    for (StoredObject request : all) {
      carryOut(request, decision.of(request.tree(), now));
    }
    cursor.whenAvailable(signal::release);
  }

  @Override
  public void wakeup() {
    signal.release();
  }

  @Override
  public void close() {
    cursor.close();
  }

  /** They only say that there is something to look at. */
  private void passEvents() {
    var _ = signal.drainPermits();
    try {
      while (!cursor.poll(BATCH).isEmpty()) {
        // until there is none left
      }
    } catch (ApiFailure fellBehind) {
      cursor.close();
      cursor = store.events(REQUESTS, store.current().revision());
    }
  }

  private void carryOut(StoredObject request, Outcome outcome) {
    switch (outcome) {
      case Outcome.Nothing _ -> {}
      case Outcome.Remove _ ->
          commit("delete", new ProposedChange.Delete(request.key(), request.revision()));
      case Outcome.Change change ->
          commit(
              "update",
              new ProposedChange.Update(request.key(), request.revision(), change.object()));
    }
  }

  /** What somebody else changed meanwhile is looked at again with its event. */
  private void commit(String verb, ProposedChange change) {
    Origin origin =
        new Origin(
            UUID.randomUUID().toString(),
            verb,
            "/apis/certificates.k8s.io/v1/certificatesigningrequests/" + change.key().name(),
            SELF,
            List.of(),
            "apiserver",
            clock.millis(),
            Optional.empty());
    try {
      var _ =
          store
              .commit(new CommitRequest(origin, List.of(change), false))
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof StaleException || e.getCause() instanceof ApiFailure)) {
        LOG.warnf(e, "%s could not be looked after; it is tried again", change.key());
      }
    }
  }
}
