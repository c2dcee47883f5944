package dev.shiplog.api.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signatures of the ConfigMap {@code kube-public/cluster-info} by bootstrap tokens, under {@code
 * jws-kubeconfig-TOKENID}: a machine that knows a token can tell by one that what it reads there is
 * its cluster's.
 */
final class ClusterInfoSignatures {

  static final String NAMESPACE = "kube-public";
  static final String NAME = "cluster-info";

  private static final String CONTENT = "kubeconfig";
  private static final String PREFIX = "jws-kubeconfig-";

  private ClusterInfoSignatures() {}

  /**
   * What the ConfigMap is to be: signed with these tokens and no other; empty if it is that.
   *
   * @param info not changed
   */
  static Optional<ObjectNode> signed(ObjectNode info, List<BootstrapToken> tokens) {
    JsonNode content = info.path("data").path(CONTENT);
    if (!content.isTextual()) {
      return Optional.empty();
    }
    ObjectNode next = info.deepCopy();
    ObjectNode data = (ObjectNode) next.get("data");
    List<String> names = new ArrayList<>();
    data.fieldNames().forEachRemaining(names::add);
    names.stream().filter(name -> name.startsWith(PREFIX)).forEach(data::remove);
    tokens.forEach(token -> data.put(PREFIX + token.id(), token.sign(content.asText())));
    return next.equals(info) ? Optional.empty() : Optional.of(next);
  }
}
