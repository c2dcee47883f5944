package dev.shiplog.api.admission;

import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.store.ObjectKey;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Nothing gets into a namespace that is missing or being deleted, and the namespaces the cluster
 * itself needs stay. {@link NamespaceRule} says the first again where commits are decided; here it
 * spares the rest of the work and gives the answer before what else may be wrong with the object.
 */
public final class NamespaceLifecycle implements AdmissionPlugin {

  private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

  @Override
  public String name() {
    return "NamespaceLifecycle";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return switch (request.operation()) {
      case CREATE ->
          request.target().type().namespaced()
              && request.target().type().storage().isPresent()
              && request.target().subresource().isEmpty();
      case DELETE -> request.isAbout("namespaces");
      case UPDATE, CONNECT -> false;
    };
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    if (request.operation() == Operation.CREATE) {
      ObjectKey key = request.target().key();
      NamespaceRule.requireOpen(request.state(), key);
    } else if (IMMORTAL.contains(request.target().name())) {
      throw request.target().forbidden("this namespace may not be deleted");
    }
    return Admission.DONE;
  }
}
