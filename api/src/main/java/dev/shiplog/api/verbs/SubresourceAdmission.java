package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.store.Snapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets what is no object of its resource pass admission: a Binding, an Eviction, a TokenRequest,
 * and the options of a connection. Plug-ins may change it in place.
 */
final class SubresourceAdmission {

  private static final CompletableFuture<List<String>> NO_WARNINGS =
      CompletableFuture.completedFuture(List.of());

  private final Admission admission;

  SubresourceAdmission(Admission admission) {
    this.admission = admission;
  }

  /**
   * Asks for what is created below an object.
   *
   * @return warnings; fails with the refusal
   */
  CompletableFuture<List<String>> create(
      Target target, Caller caller, ObjectNode sent, Snapshot state, boolean dryRun) {
    return pass(new AdmissionRequest(Operation.CREATE, target, caller, sent, null, state, dryRun));
  }

  /** The same for a connection. */
  CompletableFuture<List<String>> connect(
      Target target, Caller caller, ObjectNode options, Snapshot state) {
    return pass(
        new AdmissionRequest(Operation.CONNECT, target, caller, options, null, state, false));
  }

  private CompletableFuture<List<String>> pass(AdmissionRequest request) {
    if (!admission.handles(request)) {
      return NO_WARNINGS;
    }
    return Async.attempt(() ->
        Async.then(
                admission.mutate(request),
                request.caller().executor(),
                mutated -> admission.validate(request))
            .thenApply(admitted -> request.course().warnings()));
  }
}
