package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.status.Failures;
import dev.shiplog.topics.journal.UserInfo;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lets a user act as another, if it may {@code impersonate} every part of that identity: the user,
 * each group, the uid and each extra value. Headers: {@code Impersonate-User}, {@code -Group},
 * {@code -Uid}, {@code -Extra-NAME}. Any thread.
 */
final class Impersonation {

  private static final String USER = "Impersonate-User";
  private static final String GROUP = "Impersonate-Group";
  private static final String UID = "Impersonate-Uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  private final Authorizer authorizer;

  Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * Whom the sender acts as; the sender itself if it asks for nobody else.
   *
   * @throws dev.shiplog.api.status.ApiFailure {@code Forbidden} if it may not
   */
  UserInfo apply(MultiMap headers, UserInfo sender) {
    String name = headers.get(USER);
    List<String> groups = headers.getAll(GROUP);
    String uid = headers.get(UID);
    Map<String, List<String>> extra = extra(headers);
    if (name == null || name.isEmpty()) {
      if (!groups.isEmpty() || uid != null || !extra.isEmpty()) {
        throw Failures.badRequest(
            "Impersonate-Group, -Uid and -Extra headers need an Impersonate-User header");
      }
      return sender;
    }
    requireUser(sender, name);
    groups.forEach(group -> require(sender, "", "groups", "", "", group));
    extra.forEach((key, values) ->
        values.forEach(value -> require(sender, AUTHENTICATION, "userextras", key, "", value)));
    if (uid != null) {
      require(sender, AUTHENTICATION, "uids", "", "", uid);
    }
    return identity(name, uid == null ? "" : uid, groups, extra);
  }

  private void requireUser(UserInfo sender, String name) {
    String[] account =
        name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", -1) : new String[0];
    if (account.length == 2) {
      require(sender, "", "serviceaccounts", "", account[0], account[1]);
    } else {
      require(sender, "", "users", "", "", name);
    }
  }

  private void require(
      UserInfo sender,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    Attributes asked =
        new Attributes("impersonate", group, "v1", resource, subresource, namespace, name, "");
    Decision decision = authorizer.authorize(sender, asked);
    if (!decision.allowed()) {
      throw asked.forbidden(sender.username(), decision.reason());
    }
  }

  private static UserInfo identity(
      String name, String uid, List<String> asked, Map<String, List<String>> extra) {
    List<String> groups = new ArrayList<>(asked);
    if (groups.isEmpty() && name.startsWith(ACCOUNT)) {
      String namespace = name.substring(ACCOUNT.length()).split(":", -1)[0];
      groups.add("system:serviceaccounts");
      groups.add("system:serviceaccounts:" + namespace);
    }
    if (name.equals(Authentication.ANONYMOUS.username())) {
      Authentication.ANONYMOUS.groups().stream()
          .filter(group -> !groups.contains(group))
          .forEach(groups::add);
      return new UserInfo(name, uid, groups, extra);
    }
    return Authentication.authenticated(new UserInfo(name, uid, groups, extra));
  }

  private static Map<String, List<String>> extra(MultiMap headers) {
    Map<String, List<String>> extra = new TreeMap<>();
    new RequestHeaders(headers)
        .startingWith(EXTRA)
        .forEach((encoded, values) -> extra.put(key(encoded), values));
    return extra;
  }

  /** Keys hold what headers may not, percent-encoded. */
  private static String key(String encoded) {
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unencoded) {
      return encoded;
    }
  }
}
