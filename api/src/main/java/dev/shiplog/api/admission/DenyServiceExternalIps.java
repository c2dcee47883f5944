package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** No service takes further external addresses: whoever sets one takes over its traffic. */
public final class DenyServiceExternalIps implements AdmissionPlugin {

  @Override
  public String name() {
    return "DenyServiceExternalIPs";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.writes("services");
  }

  @Override
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    Set<String> added = addresses(request.object());
    added.removeAll(addresses(request.before()));
    if (!added.isEmpty()) {
      throw request.target().forbidden("Use of external IPs is denied by admission control.");
    }
    return Admission.DONE;
  }

  private static Set<String> addresses(JsonNode service) {
    return service == null ? Set.of() : new HashSet<>(Trees.texts(service, "spec", "externalIPs"));
  }
}
