package dev.shiplog.agent.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API server's judgement of those who ask this node. Blocks, and throws, as {@link
 * ClusterClient} does.
 */
public interface AccessReviews {

  /** Who a token belongs to; empty if it is not good. */
  Optional<User> userOf(String token);

  /**
   * Whether a user may do something with a part of a node.
   *
   * @param node empty for any
   * @param subresource of the node, for example {@code metrics}
   */
  boolean mayAsk(User user, String verb, String node, String subresource);

  /** Somebody, as the cluster knows them. */
  record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    public User {
      groups = List.copyOf(groups);
      extra = Map.copyOf(extra);
    }
  }
}
