package dev.shiplog.api.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes into the status of ValidatingAdmissionPolicies what {@link TypeCheck} finds, once for each
 * generation, while this server leads. One thread, but for {@link #wakeup}.
 */
public final class PolicyCheckRun extends StateRun {

  private static final StorageResource POLICIES =
      StorageResource.of("validatingadmissionpolicies", "admissionregistration.k8s.io");
  private static final UserInfo SELF =
      UserInfo.of(
          "system:serviceaccount:kube-system:validatingadmissionpolicy-status-controller",
          "system:serviceaccounts",
          "system:serviceaccounts:kube-system",
          "system:authenticated");
  private static final long LOOK_AGAIN_MS = 60_000;

  private final Supplier<ResourceCatalogue> catalogue;
  private final OwnCommits commits;

  public PolicyCheckRun(Store store, Supplier<ResourceCatalogue> catalogue, InstantSource clock) {
    super(store, List.of(POLICIES), LOOK_AGAIN_MS, LOOK_AGAIN_MS);
    this.catalogue = catalogue;
    this.commits = new OwnCommits(store, clock, SELF);
  }

  @Override
  protected boolean look(Snapshot state) {
    List<StoredObject> all = new ArrayList<>();
    state.list(POLICIES, "", "").forEachRemaining(all::add);
    all.forEach(this::check);
    return false;
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
    // What somebody else changed meanwhile is looked at again with its event.
    var _ =
        commits.commit(
            "update",
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/%s/status"
                .formatted(stored.key().name()),
            List.of(new ProposedChange.Update(stored.key(), stored.revision(), policy)));
  }
}
