package dev.shiplog.broker;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * Kafka's own ACLs, and one more thing that they cannot say: what is granted to a family, {@code
 * User:PREFIX*}, every user is granted whose name begins so. Each keeps a name of its own, which is
 * what request logs and quotas show, and what an ACL that denies shuts out. Any thread.
 */
public final class FamilyAuthorizer extends StandardAuthorizer {

  /** The broker's property with how the names of the family begin. */
  static final String PREFIX_CONFIG = "shiplog.family.prefix";

  private volatile String prefix = "";

  @Override
  public void configure(Map<String, ?> configs) {
    prefix = configs.get(PREFIX_CONFIG) instanceof String given ? given : "";
    super.configure(configs);
  }

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext context, List<Action> actions) {
    List<AuthorizationResult> own = super.authorize(context, actions);
    if (!isOfFamily(context.principal()) || !own.contains(AuthorizationResult.DENIED)) {
      return own;
    }
    List<AuthorizationResult> shared =
        super.authorize(new Member(context, new KafkaPrincipal("User", prefix + "*")), actions);
    List<AuthorizationResult> results = new ArrayList<>(own);
    for (int i = 0; i < results.size(); i++) {
      boolean granted =
          shared.get(i) == AuthorizationResult.ALLOWED
              && !isDenied(context.principal(), actions.get(i));
      if (granted) {
        results.set(i, AuthorizationResult.ALLOWED);
      }
    }
    return results;
  }

  private boolean isOfFamily(KafkaPrincipal principal) {
    return !prefix.isEmpty()
        && principal.getPrincipalType().equals(KafkaPrincipal.USER_TYPE)
        && principal.getName().startsWith(prefix);
  }

  /** Whether the user itself is denied this, from wherever. */
  private boolean isDenied(KafkaPrincipal principal, Action action) {
    AclBindingFilter filter =
        new AclBindingFilter(
            new ResourcePatternFilter(
                action.resourcePattern().resourceType(),
                action.resourcePattern().name(),
                PatternType.MATCH),
            new AccessControlEntryFilter(
                principal.toString(), null, AclOperation.ANY, AclPermissionType.DENY));
    for (AclBinding denial : acls(filter)) {
      AclOperation denied = denial.entry().operation();
      if (denied == AclOperation.ALL || denied == action.operation()) {
        return true;
      }
    }
    return false;
  }

  /** The same request, by the family. */
  private record Member(AuthorizableRequestContext request, KafkaPrincipal principal)
      implements AuthorizableRequestContext {

    @Override
    public String listenerName() {
      return request.listenerName();
    }

    @Override
    public SecurityProtocol securityProtocol() {
      return request.securityProtocol();
    }

    @Override
    public InetAddress clientAddress() {
      return request.clientAddress();
    }

    @Override
    public int requestType() {
      return request.requestType();
    }

    @Override
    public int requestVersion() {
      return request.requestVersion();
    }

    @Override
    public String clientId() {
      return request.clientId();
    }

    @Override
    public int correlationId() {
      return request.correlationId();
    }
  }
}
