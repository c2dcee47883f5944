package dev.shiplog.topics.journal;

import java.util.List;
import java.util.Map;

/**
 * An authenticated identity, as {@code authentication.k8s.io} describes one.
 *
 * @param username for example {@code system:serviceaccount:kube-system:replicaset-controller}
 * @param uid may be empty
 * @param groups may be empty
 * @param extra further attributes; may be empty
 */
public record UserInfo(
    String username, String uid, List<String> groups, Map<String, List<String>> extra) {

  public UserInfo {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public static UserInfo of(String username, String... groups) {
    return new UserInfo(username, "", List.of(groups), Map.of());
  }
}
