package dev.shiplog.scheduler.app;

import static dev.shiplog.scheduler.testing.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerApplicationTest {

  private static final String TOO_LARGE =
      "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
          + "1 Preemption is not helpful for scheduling.";
  private static final String TWO_CORES =
      "{spec: {containers: [{resources: {requests: {cpu: '2'}}}]}}";
  private static final String THREE_CORES_ON_N =
      "{spec: {nodeName: 'n', containers: [{resources: {requests: {cpu: '3'}}}]}}";

  private final DrivenScheduler driven = new DrivenScheduler();

  @AfterEach
  void close() {
    driven.close();
  }

  private Command only() {
    List<Command> commands = driven.commands();
    assertThat(commands).hasSize(1);
    return commands.getFirst();
  }

  private static String boundTo(Command command) {
    return command
        .body()
        .path("bindings")
        .valueStream()
        .map(each -> each.path("name").asText() + "->" + each.path("node").asText())
        .collect(Collectors.joining(", "));
  }

  @Test
  void aPendingPodBecomesABindingOfThatVeryPod() {
    driven.begin();
    long nodes = driven.node("n");
    long pods = driven.pod("a", TWO_CORES);
    Command command = only();
    assertThat(command.verb()).isEqualTo(Verb.BIND);
    assertThat(command.actor()).isEqualTo("system:kube-scheduler");
    PodBindings bindings = Json.MAPPER.convertValue(command.body(), PodBindings.class);
    assertThat(bindings.allOrNone()).isFalse();
    PodBinding binding = bindings.bindings().getFirst();
    assertThat(binding.namespace() + "/" + binding.name()).isEqualTo("default/a");
    assertThat(binding.uid()).isEqualTo("uid-a");
    assertThat(binding.node()).isEqualTo("n");
    assertThat(binding.annotations().get("scheduler.shiplog.dev/decision"))
        .endsWith(" number=1 pods=%d nodes=%d".formatted(pods, nodes));
  }

  @Test
  void podsThatComeWithinAMomentAreBoundByOneCommand() {
    driven.begin();
    driven.node("n");
    driven.pod("first", "{}");
    driven.commands();
    for (String name : List.of("a", "b", "c")) {
      driven.pod(name, "{}");
    }
    assertThat(driven.commands()).isEmpty();
    driven.pass(Duration.ofMillis(20));
    assertThat(boundTo(only())).isEqualTo("a->n, b->n, c->n");
  }

  @Test
  void nothingIsBoundBeforeItIsTheActiveScheduler() {
    driven.node("n");
    driven.pod("a", TWO_CORES);
    driven.pass(Duration.ofSeconds(1));
    assertThat(driven.commands()).extracting(Command::verb).containsOnly(Verb.BEGIN);
  }

  @Test
  void whatWasThereBeforeItBecameActiveCounts() {
    driven.pod("b", THREE_CORES_ON_N);
    driven.pod("a", TWO_CORES);
    driven.node("n");
    driven.node("m");
    driven.begin();
    assertThat(boundTo(only())).isEqualTo("a->m");
  }

  @Test
  void anUnschedulablePodIsToldWhyInConditionAndEvent() {
    driven.begin();
    driven.node("n");
    driven.pod("a", "{spec: {containers: [{resources: {requests: {cpu: '8'}}}]}}");
    List<Command> commands = driven.commands();
    assertThat(commands).hasSize(2);

    Command patch = commands.getFirst();
    assertThat(patch.verb()).isEqualTo(Verb.PATCH);
    assertThat(patch.patchType()).isEqualTo("application/strategic-merge-patch+json");
    assertThat(patch.target()).isEqualTo(new Target("", "v1", "pods", "status", "default", "a"));
    assertThat(patch.body())
        .isEqualTo(
            json(
                """
                {status: {conditions: [
                  {type: 'PodScheduled', status: 'False', reason: 'Unschedulable',
                   message: '%s',
                   lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z'}]}}
                """
                    .formatted(TOO_LARGE)));

    Command event = commands.getLast();
    assertThat(event.target().plural()).isEqualTo("events");
    assertThat(event.body().path("reason").asText()).isEqualTo("FailedScheduling");
    assertThat(event.body().path("type").asText()).isEqualTo("Warning");
    assertThat(event.body().at("/source/component").asText()).isEqualTo("default-scheduler");
    assertThat(event.body().at("/involvedObject/kind").asText()).isEqualTo("Pod");
    assertThat(event.body().at("/involvedObject/uid").asText()).isEqualTo("uid-a");
    assertThat(event.body().path("message").asText()).isEqualTo(TOO_LARGE);
  }

  @Test
  void aPreemptedPodIsToldSoAndDeleted() {
    driven.begin();
    driven.node("n");
    driven.pod("low", "{spec: {nodeName: 'n', containers: [{resources: {requests: {cpu: '3'}}}]}}");
    driven.pod("high", "{spec: {priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]}}");
    List<Command> commands = driven.commands();
    Command disrupted = commands.getFirst();
    assertThat(disrupted.target().name()).isEqualTo("low");
    assertThat(disrupted.body())
        .isEqualTo(
            json(
                """
                {status: {conditions: [
                  {type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler',
                   message: 'default-scheduler: preempting to accommodate a higher priority pod',
                   lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z'}]}}
                """));
    Command delete = commands.get(1);
    assertThat(delete.verb()).isEqualTo(Verb.DELETE);
    assertThat(delete.target()).isEqualTo(new Target("", "v1", "pods", "", "default", "low"));
    assertThat(delete.precondition().uid()).isEqualTo("uid-low");
    assertThat(commands)
        .extracting(command -> command.body() == null ? "" : command.body().toString())
        .anyMatch(body -> body.contains("\"nominatedNodeName\":\"n\""))
        .anyMatch(body -> body.contains("Preempted by pod uid-high on node n"));
  }

  /** Whose pod it was before does not matter. */
  @Test
  void theSchedulerOfTheUrgentPodSaysThatItPreempts() {
    driven.begin();
    driven.node("n");
    driven.pod(
        "low",
        "{spec: {schedulerName: 'other', nodeName: 'n',"
            + " containers: [{resources: {requests: {cpu: '3'}}}]}}");
    driven.pod("high", "{spec: {priority: 9, containers: [{resources: {requests: {cpu: '3'}}}]}}");
    assertThat(driven.commands().getFirst().body().at("/status/conditions/0/message").asText())
        .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
  }

  @Test
  void aConditionThatSaysSoAlreadyIsNotWrittenAgain() {
    driven.begin();
    driven.node("n");
    driven.pod(
        "a",
        """
        {spec: {containers: [{resources: {requests: {cpu: '8'}}}]},
         status: {conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable',
           message: '%s'}]}}
        """
            .formatted(TOO_LARGE));
    assertThat(driven.commands())
        .extracting(command -> command.target().plural())
        .containsExactly("events");
  }

  @Test
  void aChangedConditionKeepsItsTimeOfTransition() {
    driven.begin();
    driven.node("n");
    driven.pod(
        "a",
        """
        {spec: {containers: [{resources: {requests: {cpu: '8'}}}]},
         status: {conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable',
           message: 'old', lastTransitionTime: '2025-12-31T00:00:00Z'}]}}
        """);
    assertThat(
            driven
                .commands()
                .getFirst()
                .body()
                .at("/status/conditions/0/lastTransitionTime")
                .asText())
        .isEqualTo("2025-12-31T00:00:00Z");
  }

  @Test
  void theEventOfABindingIsMadeByTheCommandThatBinds() {
    driven.begin();
    driven.node("n");
    driven.pod("a", "{}");
    assertThat(only().body().path("announce").asBoolean()).isTrue();
    driven.pod("a", "{spec: {nodeName: 'n'}}");
    assertThat(driven.commands()).isEmpty();
  }

  @Test
  void aRefusedBindingIsTriedAgain() {
    driven.begin();
    driven.node("n");
    long revision = driven.pod("a", "{}");
    driven.refused(only(), revision);
    driven.commands();
    driven.pass(Duration.ofSeconds(1));
    assertThat(boundTo(only())).isEqualTo("a->n");
  }

  @Test
  void podsBoundOneAfterTheOtherDoNotOvercommitANode() {
    driven.begin();
    driven.node("n");
    driven.pod("a", TWO_CORES);
    driven.pod("b", TWO_CORES);
    driven.pod("c", TWO_CORES);
    driven.pass(Duration.ofMillis(20));
    assertThat(driven.commands().stream().filter(c -> c.verb() == Verb.BIND).map(c -> boundTo(c)))
        .containsExactly("a->n", "b->n");
  }

  @Test
  void theRoomOfADeletedPodIsGivenAway() {
    driven.begin();
    driven.node("n");
    driven.pod("b", THREE_CORES_ON_N);
    driven.pod("a", TWO_CORES);
    driven.commands();
    driven.delete(DrivenScheduler.PODS, "default/b");
    driven.pass(Duration.ofSeconds(1));
    assertThat(boundTo(only())).isEqualTo("a->n");
  }

  @Test
  void aNodeThatIsGoneTakesNoPods() {
    driven.begin();
    driven.node("n");
    driven.delete(DrivenScheduler.NODES, "n");
    driven.pod("a", TWO_CORES);
    assertThat(driven.commands().getFirst().body().at("/status/conditions/0/message").asText())
        .isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void aSchedulerThatIsActiveAnewKnowsOnlyWhatWasRead() {
    driven.begin();
    driven.node("n");
    driven.pod("bound-by-successor", TWO_CORES);
    driven.pod("still-pending", TWO_CORES);
    driven.commands();

    driven.depose();
    driven.pod("bound-by-successor", THREE_CORES_ON_N);
    driven.pod("small", "{}");
    assertThat(driven.commands()).isEmpty();

    driven.pass(Duration.ofSeconds(15));
    driven.begin();
    assertThat(driven.commands())
        .filteredOn(command -> command.target().subresource().equals("binding"))
        .extracting(c -> boundTo(c))
        .containsExactly("small->n");
  }

  @Test
  void aPodThatCannotBeReadIsToldSoAndHoldsUpNobody() {
    driven.begin();
    driven.node("n");
    driven.pod("bad", "{spec: {containers: [{resources: {requests: {cpu: 'much'}}}]}}");
    driven.pod("good", "{}");
    List<Command> commands = driven.commands();
    assertThat(commands.getFirst().body().path("message").asText())
        .isEqualTo("the pod cannot be scheduled as it is: not a quantity: 'much'");
    assertThat(boundTo(commands.getLast())).isEqualTo("good->n");
  }

  @Test
  void podsAreSpreadFromThoseOfTheirServiceAndController() {
    driven.put(
        StorageResource.of("services", ""),
        "default/web",
        json("{metadata: {namespace: 'default', name: 'web'}, spec: {selector: {app: 'web'}}}"));
    driven.begin();
    driven.put(
        StorageResource.of("replicasets", "apps"),
        "default/db",
        json(
            """
            {metadata: {namespace: 'default', name: 'db'},
             spec: {selector: {matchLabels: {app: 'db'}}}}
            """));
    hostNode("n1");
    hostNode("n2");
    for (String app : List.of("web", "db")) {
      driven.pod(app + "-1", app(app, "nodeName: 'n1',"));
      driven.pod("big-" + app, "{spec: {nodeName: 'n2', " + cpu("1") + "}}");
      driven.rest();
      driven.pod(app + "-2", app(app, ""));
      assertThat(driven.commands()).last().extracting(c -> boundTo(c)).isEqualTo(app + "-2->n2");
      driven.delete(DrivenScheduler.PODS, "default/big-" + app);
      driven.delete(DrivenScheduler.PODS, "default/" + app + "-2");
      driven.commands();
    }
  }

  private void hostNode(String name) {
    driven.put(
        DrivenScheduler.NODES,
        name,
        json(
            """
            {metadata: {name: '%s', labels: {'kubernetes.io/hostname': '%s'}},
             status: {allocatable: {cpu: '4', memory: '16Gi', pods: '110'}}}
            """
                .formatted(name, name)));
  }

  private static String cpu(String amount) {
    return "containers: [{resources: {requests: {cpu: '%s'}}}]".formatted(amount);
  }

  private static String app(String app, String nodeName) {
    return """
    {metadata: {labels: {app: '%s'},
       ownerReferences: [{kind: 'ReplicaSet', name: '%s', controller: true}]},
     spec: {%s containers: [{}]}}
    """
        .formatted(app, app, nodeName);
  }
}
