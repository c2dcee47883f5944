package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A pod tolerates a node that is not ready or out of reach for five minutes, unless it says
 * otherwise.
 */
public final class DefaultTolerationSeconds implements AdmissionPlugin {

  private static final int SECONDS = 300;
  private static final List<String> TAINTS =
      List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  @Override
  public String name() {
    return "DefaultTolerationSeconds";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() != Operation.DELETE && request.isAbout("pods");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ArrayNode tolerations = request.object().withObject("/spec").withArray("/tolerations");
    for (String taint : TAINTS) {
      if (!isTolerated(tolerations, taint)) {
        tolerations.add(toleration(tolerations, taint));
      }
    }
    return Admission.DONE;
  }

  private static boolean isTolerated(ArrayNode tolerations, String taint) {
    for (JsonNode toleration : tolerations) {
      String key = toleration.path("key").asText("");
      String effect = toleration.path("effect").asText("");
      if ((key.equals(taint) || key.isEmpty())
          && (effect.equals("NoExecute") || effect.isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode toleration(ArrayNode tolerations, String taint) {
    return tolerations
        .objectNode()
        .put("key", taint)
        .put("operator", "Exists")
        .put("effect", "NoExecute")
        .put("tolerationSeconds", SECONDS);
  }
}
