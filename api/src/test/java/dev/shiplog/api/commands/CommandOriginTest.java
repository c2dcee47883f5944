package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandOriginTest {

  private static final String ACTOR = "system:serviceaccount:kube-system:replicaset-controller";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      emptyValue = "",
      value = {
        "CREATE, '', v1, pods, '', default, web-0, /api/v1/namespaces/default/pods",
        "CREATE, '', v1, pods, binding, default, web-0, /api/v1/namespaces/default/pods/web-0/binding",
        "UPDATE, apps, v1, replicasets, status, default, web,"
            + " /apis/apps/v1/namespaces/default/replicasets/web/status",
        "DELETE, '', v1, nodes, '', '', n1, /api/v1/nodes/n1",
      })
  void theUriIsWhatAClientWouldHaveAskedFor(
      Verb verb,
      String group,
      String version,
      String plural,
      String subresource,
      String namespace,
      String name,
      String uri) {
    Target target = new Target(group, version, plural, subresource, namespace, name);

    assertThat(CommandOrigin.of(command(verb, target), ref(), 42).requestUri()).isEqualTo(uri);
  }

  @Test
  void itSaysWhoAskedAndThroughWhich() {
    Origin origin = CommandOrigin.of(command(Verb.BEGIN, null), ref(), 42);

    assertThat(origin.user().username()).isEqualTo(ACTOR);
    assertThat(origin.verb()).isEqualTo("begin");
    assertThat(origin.receivedMs()).isEqualTo(42);
    assertThat(origin.command()).contains(ref());
  }

  @Test
  void theSameCommandHasTheSameAuditIdWhoeverReadsIt() {
    Command command = command(Verb.BEGIN, null);

    assertThat(CommandOrigin.of(command, ref(), 1).auditId())
        .isEqualTo(CommandOrigin.of(command, ref(), 2).auditId());
  }

  @Test
  void aServiceAccountHasItsGroups() {
    assertThat(CommandOrigin.user(ACTOR).groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated");
    assertThat(CommandOrigin.user("system:kube-scheduler").groups())
        .containsExactly("system:authenticated");
  }

  private static Command command(Verb verb, Target target) {
    return new Command("c", "app", 1, ACTOR, verb, target, null, null, null);
  }

  private static CommandRef ref() {
    return new CommandRef("topic", 0, 7, "c", "app", 1, "k");
  }
}
