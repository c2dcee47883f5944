package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.topics.journal.UserInfo;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes into a certificate signing request who asks, whatever it says itself; its {@code spec}
 * never changes afterwards. Signers rely on it. Conditions get the times that whoever decides left
 * out.
 */
public final class RequesterIdentity implements AdmissionPlugin {

  private final InstantSource clock;

  public RequesterIdentity(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "CertificateRequesterIdentity";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() != Operation.DELETE
        && request
            .target()
            .type()
            .qualifiedName()
            .equals("certificatesigningrequests.certificates.k8s.io");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode object = request.object();
    if (request.operation() == Operation.UPDATE) {
      object.set("spec", request.before().path("spec").deepCopy());
      String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
      ConditionTimes.fillIn(object, request.before(), now);
      return CompletableFuture.completedFuture(null);
    }
    UserInfo user = request.caller().user();
    ObjectNode spec = object.withObject("/spec");
    spec.remove(List.of("username", "uid", "groups", "extra"));
    spec.put("username", user.username());
    if (!user.uid().isEmpty()) {
      spec.put("uid", user.uid());
    }
    if (!user.groups().isEmpty()) {
      user.groups().forEach(spec.putArray("groups")::add);
    }
    if (!user.extra().isEmpty()) {
      ObjectNode extra = spec.putObject("extra");
      user.extra()
          .forEach((key, values) -> {
            ArrayNode list = extra.putArray(key);
            values.forEach(list::add);
          });
    }
    return CompletableFuture.completedFuture(null);
  }
}
