package dev.shiplog.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.internals.Plugin;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.authorizer.StandardAcl;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes may read the topic {@code shared}, as a family. */
class FamilyAuthorizerTest {

  private final FamilyAuthorizer authorizer = new FamilyAuthorizer();

  @BeforeEach
  void grant() {
    // As a broker does, which counts what is decided.
    var _ = Plugin.wrapInstance(authorizer, new Metrics(), "authorizer.class.name");
    authorizer.configure(Map.of(FamilyAuthorizer.PREFIX_CONFIG, "system:node:"));
    acl("User:system:node:*", "shared", PatternType.LITERAL, AclPermissionType.ALLOW);
    authorizer.completeInitialLoad();
  }

  private void acl(String who, String topic, PatternType pattern, AclPermissionType permission) {
    authorizer.addAcl(
        Uuid.randomUuid(),
        new StandardAcl(
            ResourceType.TOPIC, topic, pattern, who, "*", AclOperation.READ, permission));
  }

  private boolean may(String user, AclOperation operation, String topic) {
    Action action =
        new Action(
            operation,
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            1,
            true,
            true);
    return authorizer
        .authorize(new Asking(new KafkaPrincipal("User", user)), List.of(action))
        .equals(List.of(AuthorizationResult.ALLOWED));
  }

  @Test
  void aMemberMayWhatTheFamilyMayAndNothingElse() {
    assertThat(may("system:node:a", AclOperation.READ, "shared")).isTrue();
    assertThat(may("system:node:a", AclOperation.DESCRIBE, "shared")).isTrue();
    assertThat(may("system:node:a", AclOperation.WRITE, "shared")).isFalse();
    assertThat(may("system:node:a", AclOperation.READ, "other")).isFalse();
  }

  @Test
  void nobodyElseIsAMember() {
    for (String stranger : List.of("system:nodes", "x-system:node:a", "jane", "CN=system:node:a")) {
      assertThat(may(stranger, AclOperation.READ, "shared")).as(stranger).isFalse();
    }
  }

  @Test
  void aMemberMayBeShutOutByName() {
    acl("User:system:node:a", "shared", PatternType.LITERAL, AclPermissionType.DENY);

    assertThat(may("system:node:a", AclOperation.READ, "shared")).isFalse();
    assertThat(may("system:node:b", AclOperation.READ, "shared")).isTrue();
  }

  @Test
  void aMemberMayBeShutOutOfAllTopicsOrThoseThatBeginAlike() {
    acl("User:system:node:a", "*", PatternType.LITERAL, AclPermissionType.DENY);
    acl("User:system:node:b", "sha", PatternType.PREFIXED, AclPermissionType.DENY);

    assertThat(may("system:node:a", AclOperation.READ, "shared")).isFalse();
    assertThat(may("system:node:b", AclOperation.READ, "shared")).isFalse();
  }

  @Test
  void aMemberMayHaveRightsOfItsOwn() {
    acl("User:system:node:a", "other", PatternType.LITERAL, AclPermissionType.ALLOW);

    assertThat(may("system:node:a", AclOperation.READ, "other")).isTrue();
    assertThat(may("system:node:b", AclOperation.READ, "other")).isFalse();
  }

  private record Asking(KafkaPrincipal principal) implements AuthorizableRequestContext {
    @Override
    public String listenerName() {
      return "REMOTE";
    }

    @Override
    public SecurityProtocol securityProtocol() {
      return SecurityProtocol.SSL;
    }

    @Override
    public InetAddress clientAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public int requestType() {
      return 1;
    }

    @Override
    public int requestVersion() {
      return 1;
    }

    @Override
    public String clientId() {
      return "test";
    }

    @Override
    public int correlationId() {
      return 1;
    }
  }
}
