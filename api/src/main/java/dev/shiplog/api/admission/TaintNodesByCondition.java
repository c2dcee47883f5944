package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.shiplog.api.schema.Trees;
import java.util.concurrent.CompletableFuture;

/** A new node gets no pods until the node controller has seen that it is ready. */
public final class TaintNodesByCondition implements AdmissionPlugin {

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String EFFECT = "NoSchedule";

  @Override
  public String name() {
    return "TaintNodesByCondition";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.creates("nodes");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ArrayNode taints = Trees.list(Trees.child(request.object(), "spec"), "taints");
    for (JsonNode taint : taints) {
      if (Trees.text(taint, "key").equals(NOT_READY)
          && Trees.text(taint, "effect").equals(EFFECT)) {
        return Admission.DONE;
      }
    }
    taints.addObject().put("key", NOT_READY).put("effect", EFFECT);
    return Admission.DONE;
  }
}
