package dev.shiplog.topics.kafka;

import dev.shiplog.topics.log.LogUnavailableException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Kafka's ACLs on topics. Any thread. */
public final class TopicGrants {

  private static final String ANY_HOST = "*";

  private TopicGrants() {}

  /**
   * Lets a principal read topics, whether they exist yet or not. To grant it again changes nothing.
   *
   * @param principal as Kafka names it, such as {@code User:system:node:a}
   */
  public static void read(KafkaSettings settings, String principal, Collection<String> topics) {
    var entry =
        new AccessControlEntry(principal, ANY_HOST, AclOperation.READ, AclPermissionType.ALLOW);
    List<AclBinding> bindings =
        topics.stream()
            .map(name -> new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL))
            .map(topic -> new AclBinding(topic, entry))
            .toList();
    try (Admin admin = Admin.create(new ClientProperties(settings).admin())) {
      admin.createAcls(bindings).all().get();
    } catch (ExecutionException e) {
      throw KafkaFailures.of("granting " + principal + " to read " + topics, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("granting access was interrupted", e);
    }
  }
}
