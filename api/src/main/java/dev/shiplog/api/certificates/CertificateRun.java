package dev.shiplog.api.certificates;

import dev.shiplog.api.certificates.RequestDecision.Outcome;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after certificate signing requests while this server leads: at each change of one, and at
 * all of them from time to time. There are few, so it looks at the state alone. One thread, but for
 * {@link #wakeup}.
 */
public final class CertificateRun extends StateRun {

  private static final StorageResource REQUESTS =
      StorageResource.of("certificatesigningrequests", "certificates.k8s.io");
  private static final UserInfo SELF =
      UserInfo.of(
          "system:serviceaccount:kube-system:certificate-controller",
          "system:serviceaccounts",
          "system:serviceaccounts:kube-system",
          "system:authenticated");
  private static final long LOOK_AGAIN_MS = 60_000;

  private final RequestDecision decision;
  private final InstantSource clock;
  private final OwnCommits commits;

  public CertificateRun(Store store, RequestDecision decision, InstantSource clock) {
    super(store, List.of(REQUESTS), LOOK_AGAIN_MS, LOOK_AGAIN_MS);
    this.decision = decision;
    this.clock = clock;
    this.commits = new OwnCommits(store, clock, SELF);
  }

  @Override
  protected boolean look(Snapshot state) {
    Instant now = clock.instant();
    List<StoredObject> all = new ArrayList<>();
    state.list(REQUESTS, "", "").forEachRemaining(all::add);
    all.forEach(request -> carryOut(request, decision.of(request.tree(), now)));
    return false;
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
    var _ =
        commits.commit(
            verb,
            "/apis/certificates.k8s.io/v1/certificatesigningrequests/" + change.key().name(),
            List.of(change));
  }
}
