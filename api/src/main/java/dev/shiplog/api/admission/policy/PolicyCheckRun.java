package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.ChangeSignal;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.StaleException;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Writes into the status of ValidatingAdmissionPolicies what {@link TypeCheck} finds, once for each
 * generation, while this server leads. One thread, but for {@link #wakeup}.
 */
public final class PolicyCheckRun implements LeaderTask.Run {

  private static final Logger LOG = Logger.getLogger(PolicyCheckRun.class);
  private static final StorageResource POLICIES =
      StorageResource.of("validatingadmissionpolicies", "admissionregistration.k8s.io");
  private static final UserInfo SELF =
      UserInfo.of(
          "system:serviceaccount:kube-system:validatingadmissionpolicy-status-controller",
          "system:serviceaccounts",
          "system:serviceaccounts:kube-system",
          "system:authenticated");
  private static final long LOOK_AGAIN_MS = 60_000;
  private static final long PATIENCE_SECONDS = 30;

  private final Store store;
  private final Supplier<ResourceCatalogue> catalogue;
  private final InstantSource clock;
  private final ChangeSignal changes;

  public PolicyCheckRun(Store store, Supplier<ResourceCatalogue> catalogue, InstantSource clock) {
    this.store = store;
    this.catalogue = catalogue;
    this.clock = clock;
    this.changes = new ChangeSignal(store, List.of(POLICIES));
  }

  @Override
  public void step() {
    if (!changes.await(LOOK_AGAIN_MS)) {
      return;
    }
    List<StoredObject> all = new ArrayList<>();
    store.current().list(POLICIES, "", "").forEachRemaining(all::add);
    all.forEach(this::check);
  }

  @Override
  public void wakeup() {
    changes.wakeup();
  }

  @Override
  public void close() {
    changes.close();
  }

  private void check(StoredObject stored) {
    ObjectNode policy = stored.tree();
    long generation = Trees.at(policy, "metadata", "generation").asLong();
    if (Trees.at(policy, "status", "observedGeneration").asLong() == generation) {
      return;
    }
    ObjectNode checked = new TypeCheck(catalogue.get()).of(policy);
    ObjectNode status = policy.withObject("/status");
    status.put("observedGeneration", generation).set("typeChecking", checked);
    commit(new ProposedChange.Update(stored.key(), stored.revision(), policy));
  }

  /** What somebody else changed meanwhile is looked at again with its event. */
  private void commit(ProposedChange change) {
    Origin origin =
        new Origin(
            UUID.randomUUID().toString(),
            "update",
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/%s/status"
                .formatted(change.key().name()),
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
        LOG.warnf(e, "%s could not be checked; it is tried again", change.key());
      }
    }
  }
}
